import Crypto
import Planning
import Values
import WorkloadSpec

/// Everything that a supervisor needs to run a service, so that it needs to know nothing of the language.
struct ServiceDefinition {
  /// What it reports of the service, as it is before its first start.
  var record: ServiceRecord
  /// The program and its arguments.
  var command: [String]
  /// `NAME=value` texts, without the secrets among them.
  var environment: [String]
  /// `NAME=value` texts that hold secrets. They are kept in memory only.
  var secretEnvironment: [[UInt8]]
  /// Whether it is only made ready to run, and not started.
  var isKeptStopped = false
  /// What happens when its process ends.
  var restart: RestartPolicy
  /// How long it may take to stop, in milliseconds.
  var stopGrace: Int64
  /// The signal that asks it to stop, by its name; `nil` for SIGTERM.
  var stopSignal: String?
  /// Under what its processes run.
  var conditions = ProcessConditions()
  /// The folder that they start in, where berth makes it if it is missing.
  var workingPlace: FolderPlace?
  /// What it may use.
  var limits = ServiceLimits()
  /// How to find out whether it can do its work.
  var check: CheckDefinition?
  /// The volumes that it sees, the outer ones before those within them.
  var volumes: [VolumePlace] = []
  /// The volumes that its predecessor saw; `nil` if an older berth asks, which does not say.
  var former: [VolumePlace]?
  /// The files that it must find.
  var items: [FolderItem]
  /// What it must find no more: its predecessor did.
  var obsolete: [ObsoletePlace]
}

/// How to find out whether a service can do its work, by the numbers of this machine.
struct CheckDefinition: Equatable {
  /// What is done.
  var probe: HealthCheck.Probe
  /// The time between two checks, in milliseconds.
  var interval: Int64
  /// How long a check may take, in milliseconds.
  var timeout: Int64
  /// How many failures in a row make a ready service unready.
  var retries: Int
  /// The time between two checks until one passes, in milliseconds; `nil` for as long as ever.
  var startInterval: Int64?
  /// The statuses of HTTP that are a success; none for 200 to 399.
  var status: StringSet = []
  /// Headers of the HTTP request.
  var headers = StringMap()

  /// The time between two checks until one passes, in milliseconds.
  var firstInterval: Int64 { startInterval ?? interval }
}

/// A place under a folder.
struct FolderPlace: Hashable {
  /// The folder, which berth made: a service's root or a volume.
  var base: String
  /// The way down from there, without `.` and `..`.
  var path: [String]
}

/// A file that a service must find.
struct FolderItem: Equatable {
  /// Where.
  var place: FolderPlace
  /// What it holds.
  var bytes: [UInt8]
  /// Its permissions.
  var mode: UInt32
  /// Who it belongs to; `nil` for who the service runs as.
  var owner: FileOwner?
}

/// A place at which a service must find nothing any more.
struct ObsoletePlace: Equatable {
  /// Where.
  var place: FolderPlace
  /// The digest of what was written there, if the file must stay once it holds something else; see ``digest(_:)``.
  var digest: String?

  /// The digest of what a file holds (SHA-256).
  static func digest(_ bytes: [UInt8]) -> String { Hex.lower(SHA256.hash(data: bytes)) }
}

extension ServiceDefinition {
  /// The first version of the protocol by which a supervisor does all that it asks for.
  var neededVersion: Int64 {
    let isPlain =
      stopSignal == nil && conditions.isUnset && workingPlace == nil && limits.areKnownToAll
      && items.allSatisfy { $0.owner == nil }
      && volumes.allSatisfy { $0.kind == .made && !$0.isReadOnly }
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
      .init("record", record.json), .init("command", .list(command.map { .string($0) })),
      .init("environment", .list(environment.map { .string($0) })),
      .init("secretEnvironment", .list(secretEnvironment.map { .string(Hex.lower($0)) })),
      .init("restart", .string(restart.rawValue)), .init("stopGrace", .int(stopGrace)),
      .init("items", .list(volumes.map(\.json) + items.map(\.json))),
      .init("obsolete", .list(obsolete.map(\.json))),
    ]
    if let former { members.append(.init("former", .list(former.map(\.json)))) }
    if isKeptStopped { members.append(.init("keptStopped", true)) }
    if let stopSignal { members.append(.init("stopSignal", .string(stopSignal))) }
    if !conditions.isUnset { members.append(.init("conditions", conditions.json)) }
    if let workingPlace { members.append(.init("workingPlace", workingPlace.json)) }
    if !limits.isUnset { members.append(.init("limits", limits.json)) }
    if let check { members.append(.init("check", check.json)) }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    record = try ServiceRecord(json: try json.member("record"))
    command = try json.texts("command")
    environment = try json.texts("environment")
    secretEnvironment = []
    for text in try json.texts("secretEnvironment") { secretEnvironment.append(try HexBytes.read(text)) }
    guard let restart = RestartPolicy(rawValue: try json.text("restart")) else {
      throw MalformedRecord("an unknown restart policy")
    }
    self.restart = restart
    isKeptStopped = json["keptStopped"]?.bool ?? false
    stopGrace = try json.number("stopGrace")
    stopSignal = json["stopSignal"]?.string
    if let conditions = json["conditions"] { self.conditions = try ProcessConditions(json: conditions) }
    if let place = json["workingPlace"] { workingPlace = try FolderPlace(json: place) }
    if let limits = json["limits"] { self.limits = ServiceLimits(json: limits) }
    if let check = json["check"] { self.check = try CheckDefinition(json: check) }
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
      var former: [VolumePlace] = []
      for volume in try json.elements("former") { former.append(try VolumePlace(json: volume)) }
      self.former = former
    }
    obsolete = []
    for place in try json.elements("obsolete") { obsolete.append(try ObsoletePlace(json: place)) }
  }
}

extension CheckDefinition {
  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("interval", .int(interval)), .init("timeout", .int(timeout)),
      .init("retries", .int(Int64(retries))),
    ]
    if let startInterval { members.append(.init("startInterval", .int(startInterval))) }
    if !status.isUnset { members.append(.init("status", status.plain)) }
    if !headers.isUnset { members.append(.init("headers", headers.plain)) }
    switch probe {
    case .http(let path, let port):
      members += [.init("path", .string(path)), .init("port", .int(Int64(port)))]
    case .tcp(let port): members.append(.init("port", .int(Int64(port))))
    case .grpc(let service, let port):
      members += [.init("grpc", .string(service)), .init("port", .int(Int64(port)))]
    case .command(let command): members.append(.init("command", .list(command.map { .string($0) })))
    }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    interval = try json.number("interval")
    timeout = try json.number("timeout")
    retries = Int(try json.number("retries"))
    startInterval = json["startInterval"]?.int
    status = StringSet((json["status"]?.list ?? []).compactMap(\.string))
    headers = StringMap((json["headers"]?.members ?? []).map { (key: $0.key, value: $0.value.string ?? "") })
    if let service = json["grpc"]?.string {
      probe = .grpc(service: service, port: Int(try json.number("port")))
      return
    }
    switch (json["path"]?.string, json["port"]?.int) {
    case (let path?, let port?): probe = .http(path: path, port: Int(port))
    case (nil, let port?): probe = .tcp(port: Int(port))
    default: probe = .command(try json.texts("command"))
    }
  }
}

extension FolderPlace {
  /// As it is sent to a supervisor.
  var json: Value { ["base": .string(base), "path": .list(path.map { .string($0) })] }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    base = try json.text("base")
    path = try json.texts("path")
  }
}

extension FolderItem {
  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("place", place.json), .init("bytes", .string(Hex.lower(bytes))), .init("mode", .int(Int64(mode))),
    ]
    if let owner { members.append(.init("owner", owner.json)) }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    place = try FolderPlace(json: try json.member("place"))
    bytes = try HexBytes.read(try json.text("bytes"))
    mode = UInt32(truncatingIfNeeded: try json.number("mode"))
    if let owner = json["owner"] { self.owner = try FileOwner(json: owner) }
  }
}

extension ObsoletePlace {
  /// As it is sent to a supervisor; one of an older berth sees the place alone.
  var json: Value {
    var members = place.json.members ?? []
    if let digest { members.append(.init("digest", .string(digest))) }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    place = try FolderPlace(json: json)
    digest = json["digest"]?.string
  }
}
