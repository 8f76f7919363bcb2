import Planning
import Values
import WorkloadSpec

/// What a supervisor knows of a service, and what is left of it when the supervisor has died.
struct ServiceRecord: Equatable {
  var name: String
  /// The service as the spec has it. The supervisor does not look into it: the one of an older berth keeps
  /// fields that it does not know.
  var spec: Value
  /// The labels of the workload.
  var labels: Value
  /// The run that created it.
  var run: String
  /// The digest of what it was made from.
  var digest: String
  /// The keyed digests of its secrets.
  var secretDigests: Value
  /// Whether it runs once, to success.
  var isInit: Bool
  /// The services that must be ready before it starts, and that stop after it.
  var dependencies: [String]
  /// The ports on the host that it was given.
  var ports: [AssignedPort]
  /// What it was given for the addresses in its texts, by the name of the reference.
  var addresses: [String: String] = [:]
  /// The volumes that it sees; none if an older berth wrote this.
  var volumes: [VolumePlace] = []
  /// What its supervisor runs it by; `nil` if an older one wrote this.
  var running: RunningDefinition?
  /// Whether its volumes are mounted where only its processes see them.
  var mountsVolumes = false

  /// What it is doing.
  var state: InstanceState = .stopped
  /// Whether it can do its work.
  var isReady = false
  /// How often its process was started again by itself.
  var restarts = 0
  /// When its process started, or ended if it has.
  var since: Timestamp
  /// When the first process of this attempt was started: the one that an action asked for.
  var attemptedAt: Timestamp
  /// What its last process ended with.
  var exitCode: Int?
  /// What a person should know.
  var message: String?
  /// Its process, while there is one.
  var process: ProcessMark?

  /// Whether it is an init that ran to success.
  var hasCompleted: Bool { isInit && state == .stopped && exitCode == 0 }
}

/// A port on the host that a service was given.
struct AssignedPort: Equatable {
  /// The number in the spec.
  var container: Int
  var transport: TransportProtocol
  /// The number on the host, on which the service's process listens.
  var host: Int
}

/// A process, told apart from a later one with the same number.
struct ProcessMark: Equatable {
  /// The process.
  var id: Int32
  /// When it started, in ticks since the machine did.
  var startTicks: Int64
}

// MARK: JSON

extension ServiceRecord {
  /// As it stands in `state.json`.
  var json: Value {
    var members: [Value.Member] = [
      .init("name", .string(name)), .init("state", .string(state.rawValue)), .init("ready", .bool(isReady)),
      .init("restarts", .int(Int64(restarts))), .init("since", .int(since.milliseconds)),
      .init("attemptedAt", .int(attemptedAt.milliseconds)),
    ]
    if let exitCode { members.append(.init("exitCode", .int(Int64(exitCode)))) }
    if let message { members.append(.init("message", .string(message))) }
    if let process { members.append(.init("process", process.json)) }
    if !addresses.isEmpty {
      members.append(
        .init(
          "addresses", .map(addresses.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })))
    }
    if !volumes.isEmpty { members.append(.init("volumes", .list(volumes.map(\.json)))) }
    if mountsVolumes { members.append(.init("mountsVolumes", true)) }
    if let running { members.append(.init("running", running.json)) }
    members += [
      .init("init", .bool(isInit)), .init("dependencies", .list(dependencies.map { .string($0) })),
      .init("ports", .list(ports.map(\.json))), .init("run", .string(run)), .init("digest", .string(digest)),
      .init("secretDigests", secretDigests), .init("labels", labels), .init("spec", spec),
    ]
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    name = try json.text("name")
    spec = try json.member("spec")
    labels = try json.member("labels")
    run = try json.text("run")
    digest = try json.text("digest")
    secretDigests = try json.member("secretDigests")
    isInit = try json.truth("init")
    dependencies = try json.texts("dependencies")
    ports = []
    for port in try json.elements("ports") { ports.append(try AssignedPort(json: port)) }
    guard let state = InstanceState(rawValue: try json.text("state")) else {
      throw MalformedRecord("an unknown state")
    }
    self.state = state
    isReady = try json.truth("ready")
    restarts = Int(Int32(clamping: try json.number("restarts")))
    since = Timestamp(milliseconds: try json.number("since"))
    attemptedAt = Timestamp(milliseconds: try json.number("attemptedAt"))
    exitCode = json["exitCode"]?.int.map { Int($0) }
    message = json["message"]?.string
    if let process = json["process"] { self.process = try ProcessMark(json: process) }
    for member in json["addresses"]?.members ?? [] { addresses[member.key] = member.value.string }
    if json["volumes"] != nil {
      for volume in try json.elements("volumes") { volumes.append(try VolumePlace(json: volume)) }
    }
    mountsVolumes = json["mountsVolumes"]?.bool ?? false
    if let running = json["running"] { self.running = try RunningDefinition(json: running) }
  }
}

extension AssignedPort {
  /// As it stands in `state.json`.
  var json: Value {
    [
      "container": .int(Int64(container)), "protocol": .string(transport.rawValue), "host": .int(Int64(host)),
    ]
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    container = Int(try json.number("container"))
    host = Int(try json.number("host"))
    guard let transport = TransportProtocol(rawValue: try json.text("protocol")) else {
      throw MalformedRecord("an unknown protocol")
    }
    self.transport = transport
  }
}

extension ProcessMark {
  /// As it stands in `state.json`.
  var json: Value { ["id": .int(Int64(id)), "startTicks": .int(startTicks)] }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    guard let id = Int32(exactly: try json.number("id")) else { throw MalformedRecord("no process") }
    self.id = id
    startTicks = try json.number("startTicks")
  }
}

extension ServiceRecord {
  /// Goes on to another state, which the table of transitions must allow.
  mutating func become(_ next: InstanceState) {
    assert(state.canBecome(next), "a service that is \(state) can't become \(next)")
    state = next
  }
}
