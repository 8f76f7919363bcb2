import Values

/// Everything that a supervisor needs to run a service, so that it needs to know nothing of the language.
package struct ServiceDefinition {
  /// What it reports of the service, as it is before its first start.
  var record: ServiceRecord
  /// What it runs it by.
  package var running: RunningDefinition
  /// `NAME=value` texts that hold secrets. They are kept in memory only.
  package var secretEnvironment: [[UInt8]]
  /// Whether it is only made ready to run, and not started.
  var isKeptStopped: Bool
  /// The folder that its processes start in, where berth makes it if it is missing.
  var workingPlace: FolderPlace?
  /// The volumes that it sees, the outer ones before those within them.
  var volumes: [VolumePlace]
  /// The volumes that its predecessor saw; `nil` if an older berth asks, which does not say.
  var former: [VolumePlace]?
  /// The files that it must find.
  var items: [FolderItem]
  /// What it must find no more: its predecessor did.
  var obsolete: [ObsoletePlace]

  package init(
    record: ServiceRecord, running: RunningDefinition, secretEnvironment: [[UInt8]] = [],
    isKeptStopped: Bool = false, workingPlace: FolderPlace? = nil, volumes: [VolumePlace] = [],
    former: [VolumePlace]? = nil, items: [FolderItem] = [], obsolete: [ObsoletePlace] = []
  ) {
    self.record = record
    self.running = running
    self.secretEnvironment = secretEnvironment
    self.isKeptStopped = isKeptStopped
    self.workingPlace = workingPlace
    self.volumes = volumes
    self.former = former
    self.items = items
    self.obsolete = obsolete
  }
}

extension ServiceDefinition {
  /// The first version of the protocol by which a supervisor does all that it asks for.
  package var neededVersion: Int64 {
    let isPlain =
      running.stopSignal == nil && running.conditions.isUnset && workingPlace == nil
      && running.limits.areKnownToAll
      && items.allSatisfy { $0.owner == nil }
      && volumes.allSatisfy { $0.kind == .made && !$0.isReadOnly }
    if running.maxRestarts != nil { return SupervisorRequest.maxRestartsVersion }
    return max(
      isPlain ? SupervisorRequest.firstVersion : SupervisorRequest.conditionsVersion,
      record.addresses.isEmpty ? SupervisorRequest.firstVersion : SupervisorRequest.addressesVersion)
  }
}

// MARK: JSON

extension ServiceDefinition {
  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("record", record.json), .init("command", .texts(running.command)),
      .init("environment", .texts(running.environment)),
      .init("secretEnvironment", .texts(secretEnvironment.map { Hex.lower($0) })),
      .init("restart", .string(running.restart.rawValue)), .init("stopGrace", .int(running.stopGrace)),
      .init("items", .list(volumes.map(\.json) + items.map(\.json))),
      .init("obsolete", .list(obsolete.map(\.json))),
    ]
    if let former { members.append(.init("former", .list(former.map(\.json)))) }
    if isKeptStopped { members.append(.init("keptStopped", true)) }
    if let maxRestarts = running.maxRestarts { members.append(.init("maxRestarts", .int(maxRestarts))) }
    if let stopSignal = running.stopSignal { members.append(.init("stopSignal", .string(stopSignal))) }
    if !running.conditions.isUnset { members.append(.init("conditions", running.conditions.json)) }
    if let workingPlace { members.append(.init("workingPlace", workingPlace.json)) }
    if !running.limits.isUnset { members.append(.init("limits", running.limits.json)) }
    if let check = running.check { members.append(.init("check", check.json)) }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    record = try ServiceRecord(json: try json.member("record"))
    running = try RunningDefinition(json: json)
    secretEnvironment = []
    for text in try json.texts("secretEnvironment") { secretEnvironment.append(try Value.bytes(ofHex: text)) }
    isKeptStopped = json["keptStopped"]?.bool ?? false
    workingPlace = try json["workingPlace"].map(FolderPlace.init(json:))
    volumes = []
    items = []
    for item in try json.elements("items") {
      // To an older berth, a volume is a link.
      if item["link"] != nil {
        volumes.append(try VolumePlace(json: item, outer: volumes))
      } else {
        items.append(try FolderItem(json: item))
      }
    }
    if json["former"] != nil {
      former = try json.elements("former", VolumePlace.init(json:))
    }
    obsolete = try json.elements("obsolete", ObsoletePlace.init(json:))
  }
}
