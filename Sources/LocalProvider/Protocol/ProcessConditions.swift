import Values
import WorkloadSpec

/// Under what every process of a service runs, apart from its program, as far as this machine is told. What is not set is
/// as the supervisor itself has it.
struct ProcessConditions: Equatable {
  /// Where it starts, below the service's root.
  var workingDir: String?
  /// Who it runs as, as the spec names it.
  var user: String?
  /// Further groups, as the spec names them.
  var groups: StringSet = []
  /// Who that is, if it is another than the supervisor.
  var identity: ProcessIdentity?
  /// The name of its machine, if that is not the machine's own.
  var hostname: String?
  /// Which network it is in: of those, only none is another than the machine's own.
  var network = NetworkMode.instance
  /// Whether no program gives it more rights than it has.
  var noNewPrivileges = false
  /// Whether the service's root can't be written to.
  var readOnlyRoot = false
  /// The rights that are added and taken away.
  var capabilities = Capabilities()
  /// Its limits.
  var ulimits: [Ulimit] = []
  /// How soon it is ended for want of memory.
  var oomScore: Int?
  /// The processors that it may run on.
  var cpuset: String?

  /// Whether all is as the supervisor itself has it.
  var isUnset: Bool { self == ProcessConditions() }

  /// Whether it is in namespaces of its own.
  var needsSpaces: Bool { hostname != nil || network == .none }
}

// MARK: JSON

extension ProcessConditions {
  /// As it is sent to a supervisor, and as a service's record has it.
  var json: Value {
    var members: [Value.Member] = []
    func add(_ name: String, _ value: Value?) {
      if let value { members.append(.init(name, value)) }
    }
    add("workingDir", workingDir.map { .string($0) })
    add("user", user.map { .string($0) })
    if !groups.isUnset { add("groups", groups.plain) }
    add("identity", identity?.json)
    add("hostname", hostname.map { .string($0) })
    if network != .instance { add("network", .string(network.rawValue)) }
    if noNewPrivileges { add("noNewPrivileges", true) }
    if readOnlyRoot { add("readOnlyRoot", true) }
    if !capabilities.add.isUnset { add("addedCapabilities", capabilities.add.plain) }
    if !capabilities.drop.isUnset { add("droppedCapabilities", capabilities.drop.plain) }
    if !ulimits.isEmpty { add("ulimits", .list(ulimits.map(\.json))) }
    add("oomScore", oomScore.map { .int(Int64($0)) })
    add("cpuset", cpuset.map { .string($0) })
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    func set(_ name: String) -> StringSet { StringSet((json[name]?.list ?? []).compactMap(\.string)) }
    workingDir = json["workingDir"]?.string
    user = json["user"]?.string
    groups = set("groups")
    if let identity = json["identity"] { self.identity = try ProcessIdentity(json: identity) }
    hostname = json["hostname"]?.string
    if let mode = json["network"]?.string {
      guard let mode = NetworkMode(rawValue: mode) else { throw MalformedRecord("an unknown network") }
      network = mode
    }
    noNewPrivileges = json["noNewPrivileges"]?.bool ?? false
    readOnlyRoot = json["readOnlyRoot"]?.bool ?? false
    capabilities.add = set("addedCapabilities")
    capabilities.drop = set("droppedCapabilities")
    if json["ulimits"] != nil {
      for limit in try json.elements("ulimits") { ulimits.append(try Ulimit(json: limit)) }
    }
    oomScore = json["oomScore"]?.int.map { Int($0) }
    cpuset = json["cpuset"]?.string
  }
}

extension Ulimit {
  fileprivate var json: Value {
    var members: [Value.Member] = [.init("name", .string(name)), .init("soft", .int(Int64(soft)))]
    if let hard { members.append(.init("hard", .int(Int64(hard)))) }
    return .map(members)
  }

  fileprivate init(json: Value) throws(MalformedRecord) {
    self.init()
    name = try json.text("name")
    soft = Int(try json.number("soft"))
    hard = json["hard"]?.int.map { Int($0) }
  }
}
