import Values

/// What a supervisor knows of a service, and what is left of it when the supervisor has died.
package struct ServiceRecord: Equatable {
  package var name: String
  /// The service as the spec has it. The supervisor does not look into it: the one of an older berth keeps
  /// fields that it does not know.
  package var spec: Value
  /// The labels of the workload.
  package var labels: Value
  /// The run that created it.
  package var run: String
  /// The digest of what it was made from.
  package var digest: String
  /// The keyed digests of its secrets.
  package var secretDigests: Value
  /// Whether it runs once, to success.
  var isInit: Bool
  /// The services that must be ready before it starts, and that stop after it.
  var dependencies: [String]
  /// The ports on the host that it was given.
  package var ports: [AssignedPort]
  /// What it was given for the addresses in its texts, by the name of the reference.
  package var addresses: [String: String]
  /// The volumes that it sees; none if an older berth wrote this.
  package var volumes: [VolumePlace]
  /// What its supervisor runs it by; `nil` if an older one wrote this.
  package var running: RunningDefinition?
  /// Whether its volumes are mounted where only its processes see them.
  package var mountsVolumes = false

  /// What it is doing.
  package internal(set) var state = ServiceState.stopped
  /// Whether it can do its work.
  package var isReady = false
  /// How often its process was started again by itself.
  package var restarts = 0
  /// When its process started, or ended if it has.
  package var since: Timestamp
  /// When the first process of this attempt was started: the one that an action asked for.
  package var attemptedAt: Timestamp
  /// What its last process ended with.
  package var exitCode: Int?
  /// What a person should know.
  package var message: String?
  /// Its process, while there is one.
  package var process: ProcessMark?

  /// A service that was not started yet.
  ///
  /// - Parameter moment: when it was asked for.
  package init(
    name: String, spec: Value, labels: Value, run: String, digest: String, secretDigests: Value,
    isInit: Bool, dependencies: [String] = [], ports: [AssignedPort] = [], addresses: [String: String] = [:],
    volumes: [VolumePlace] = [], at moment: Timestamp
  ) {
    self.name = name
    self.spec = spec
    self.labels = labels
    self.run = run
    self.digest = digest
    self.secretDigests = secretDigests
    self.isInit = isInit
    self.dependencies = dependencies
    self.ports = ports
    self.addresses = addresses
    self.volumes = volumes
    since = moment
    attemptedAt = moment
  }

  /// Whether it is an init that ran to success.
  package var hasCompleted: Bool { isInit && state == .stopped && exitCode == 0 }
}

/// A port on the host that a service was given.
package struct AssignedPort: Equatable {
  /// The number in the spec.
  package var container: Int
  package var transport: HostPorts.Transport
  /// The number on the host, on which the service's process listens.
  package var host: Int

  /// A port that was given.
  package init(container: Int, transport: HostPorts.Transport, host: Int) {
    self.container = container
    self.transport = transport
    self.host = host
  }
}

/// A process, told apart from a later one with the same number.
package struct ProcessMark: Equatable {
  package var id: Int32
  /// When it started, in ticks since the machine did.
  package var startTicks: Int64
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
    if !addresses.isEmpty { members.append(.init("addresses", .texts(addresses))) }
    if !volumes.isEmpty { members.append(.init("volumes", .list(volumes.map(\.json)))) }
    if mountsVolumes { members.append(.init("mountsVolumes", true)) }
    if let running { members.append(.init("running", running.json)) }
    members += [
      .init("init", .bool(isInit)), .init("dependencies", .texts(dependencies)),
      .init("ports", .list(ports.map(\.json))), .init("run", .string(run)), .init("digest", .string(digest)),
      .init("secretDigests", secretDigests), .init("labels", labels), .init("spec", spec),
    ]
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    name = try json.text("name")
    spec = try json.member("spec")
    labels = try json.member("labels")
    run = try json.text("run")
    digest = try json.text("digest")
    secretDigests = try json.member("secretDigests")
    isInit = try json.truth("init")
    dependencies = try json.texts("dependencies")
    ports = try json.elements("ports", AssignedPort.init(json:))
    state = try json.word("state", "state")
    isReady = try json.truth("ready")
    restarts = Int(Int32(clamping: try json.number("restarts")))
    since = Timestamp(milliseconds: try json.number("since"))
    attemptedAt = Timestamp(milliseconds: try json.number("attemptedAt"))
    exitCode = json["exitCode"]?.int.map { Int($0) }
    message = json["message"]?.string
    if let process = json["process"] { self.process = try ProcessMark(json: process) }
    addresses = json["addresses"]?.textMembers ?? [:]
    volumes = json["volumes"] == nil ? [] : try json.elements("volumes", VolumePlace.init(json:))
    mountsVolumes = json["mountsVolumes"]?.bool ?? false
    running = try json["running"].map(RunningDefinition.init(json:))
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
  init(json: Value) throws(MalformedMessage) {
    container = Int(try json.number("container"))
    host = Int(try json.number("host"))
    transport = try json.word("protocol", "protocol")
  }
}

extension ProcessMark {
  /// As it stands in `state.json`.
  var json: Value { ["id": .int(Int64(id)), "startTicks": .int(startTicks)] }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    guard let id = Int32(exactly: try json.number("id")) else { throw MalformedMessage("no process") }
    self.id = id
    startTicks = try json.number("startTicks")
  }
}

extension ServiceRecord {
  /// Goes on to another state.
  mutating func become(_ next: ServiceState) {
    assert(
      next == state || state.successors.contains(next), "a service that is \(state) can't become \(next)")
    state = next
  }

  /// What is known of it when its supervisor has died, whatever it was before.
  ///
  /// - Parameter moment: when the supervisor died, or when that was found out.
  package func remains(endedAt moment: Timestamp) -> ServiceRecord {
    var record = self
    record.process = nil
    if state != .stopped, state != .failed {
      record.become(.failed)
      record.since = moment
      record.message = "its supervisor ended"
    }
    record.isReady = hasCompleted
    return record
  }
}
