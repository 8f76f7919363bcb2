import Values

/// Under what every process of a service runs, apart from its program, as far as this machine is told. What is not set is
/// as the supervisor itself has it.
package struct ProcessConditions: Equatable {
  /// Where it starts, below the service's root.
  package var workingDir: String?
  /// Who it runs as, as the spec names it.
  package var user: String?
  /// Further groups, as the spec names them.
  package var groups: [String] = []
  /// Who that is, if it is another than the supervisor.
  package var identity: ProcessIdentity?
  /// The name of its machine, if that is not the machine's own.
  package var hostname: String?
  package var network = Network.instance
  /// Whether no program gives it more rights than it has.
  package var noNewPrivileges = false
  /// Whether the service's root can't be written to.
  package var readOnlyRoot = false
  /// The rights that are added (capabilities(7)), without `CAP_`.
  package var addedCapabilities: [String] = []
  /// The rights that are taken away; `ALL` takes all that are not added.
  package var droppedCapabilities: [String] = []
  package var ulimits: [Limit] = []
  /// How soon it is ended for want of memory.
  package var oomScore: Int?
  /// The processors that it may run on.
  package var cpuset: String?

  /// Which network a process is in. Of these, only none is another than the machine's own.
  package enum Network: String, CaseIterable {
    case instance
    /// The machine's own.
    case host
    /// None but its loopback.
    case none
  }

  /// A limit (getrlimit(2)).
  package struct Limit: Equatable {
    /// The name, as `ulimit` and limits.conf(5) have it.
    package var name: String
    /// What a process has at first; -1 is without limit.
    package var soft: Int
    /// What it can have at most; `nil` for as much as at first.
    package var hard: Int?

    package init(name: String, soft: Int, hard: Int?) {
      self.name = name
      self.soft = soft
      self.hard = hard
    }
  }

  /// All as the supervisor itself has it.
  package init() {}

  /// Whether all is as the supervisor itself has it.
  package var isUnset: Bool { self == ProcessConditions() }

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
    func add(_ name: String, _ texts: [String]) {
      if !texts.isEmpty { add(name, .texts(texts)) }
    }
    add("workingDir", workingDir.map { .string($0) })
    add("user", user.map { .string($0) })
    add("groups", groups)
    add("identity", identity?.json)
    add("hostname", hostname.map { .string($0) })
    if network != .instance { add("network", .string(network.rawValue)) }
    if noNewPrivileges { add("noNewPrivileges", true) }
    if readOnlyRoot { add("readOnlyRoot", true) }
    add("addedCapabilities", addedCapabilities)
    add("droppedCapabilities", droppedCapabilities)
    if !ulimits.isEmpty { add("ulimits", .list(ulimits.map(\.json))) }
    add("oomScore", oomScore.map { .int(Int64($0)) })
    add("cpuset", cpuset.map { .string($0) })
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    func texts(_ name: String) -> [String] { (json[name]?.list ?? []).compactMap(\.string) }
    workingDir = json["workingDir"]?.string
    user = json["user"]?.string
    groups = texts("groups")
    if let identity = json["identity"] { self.identity = try ProcessIdentity(json: identity) }
    hostname = json["hostname"]?.string
    if json["network"]?.string != nil { network = try json.word("network", "network") }
    noNewPrivileges = json["noNewPrivileges"]?.bool ?? false
    readOnlyRoot = json["readOnlyRoot"]?.bool ?? false
    addedCapabilities = texts("addedCapabilities")
    droppedCapabilities = texts("droppedCapabilities")
    if json["ulimits"] != nil {
      ulimits = try json.elements("ulimits", Limit.init(json:))
    }
    oomScore = json["oomScore"]?.int.map { Int($0) }
    cpuset = json["cpuset"]?.string
  }
}

extension ProcessConditions.Limit {
  fileprivate var json: Value {
    var members: [Value.Member] = [.init("name", .string(name)), .init("soft", .int(Int64(soft)))]
    if let hard { members.append(.init("hard", .int(Int64(hard)))) }
    return .map(members)
  }

  fileprivate init(json: Value) throws(MalformedMessage) {
    name = try json.text("name")
    soft = Int(try json.number("soft"))
    hard = json["hard"]?.int.map { Int($0) }
  }
}
