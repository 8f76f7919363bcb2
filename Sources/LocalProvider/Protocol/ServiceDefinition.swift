import Planning
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
  /// What it may use.
  var limits = ServiceLimits()
  /// How to find out whether it can do its work.
  var check: CheckDefinition?
  /// What its root folder must hold.
  var items: [FolderItem]
  /// What its root folder held for its predecessor and must hold no more.
  var obsolete: [FolderPlace]
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
}

/// A place under a folder.
struct FolderPlace: Equatable {
  /// The folder, which berth made: a service's root or a volume.
  var base: String
  /// The way down from there, without `.` and `..`.
  var path: [String]
}

/// Something that a service's root folder must hold.
struct FolderItem: Equatable {
  /// Where.
  var place: FolderPlace
  /// What.
  var content: Content

  /// What it holds there.
  enum Content: Equatable {
    /// A file with these bytes and permissions.
    case file([UInt8], mode: UInt32)
    /// A link to a folder.
    case link(to: String)
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
      .init("items", .list(items.map(\.json))), .init("obsolete", .list(obsolete.map(\.json))),
    ]
    if isKeptStopped { members.append(.init("keptStopped", true)) }
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
    if let limits = json["limits"] { self.limits = ServiceLimits(json: limits) }
    if let check = json["check"] { self.check = try CheckDefinition(json: check) }
    items = []
    for item in try json.elements("items") { items.append(try FolderItem(json: item)) }
    obsolete = []
    for place in try json.elements("obsolete") { obsolete.append(try FolderPlace(json: place)) }
  }
}

extension CheckDefinition {
  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("interval", .int(interval)), .init("timeout", .int(timeout)),
      .init("retries", .int(Int64(retries))),
    ]
    switch probe {
    case .http(let path, let port):
      members += [.init("path", .string(path)), .init("port", .int(Int64(port)))]
    case .tcp(let port): members.append(.init("port", .int(Int64(port))))
    case .command(let command): members.append(.init("command", .list(command.map { .string($0) })))
    }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    interval = try json.number("interval")
    timeout = try json.number("timeout")
    retries = Int(try json.number("retries"))
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
    switch content {
    case .file(let bytes, let mode):
      ["place": place.json, "bytes": .string(Hex.lower(bytes)), "mode": .int(Int64(mode))]
    case .link(let target): ["place": place.json, "link": .string(target)]
    }
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    place = try FolderPlace(json: try json.member("place"))
    if let target = json["link"]?.string {
      content = .link(to: target)
    } else {
      content = .file(
        try HexBytes.read(try json.text("bytes")),
        mode: UInt32(truncatingIfNeeded: try json.number("mode")))
    }
  }
}
