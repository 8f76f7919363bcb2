import Values

@testable import Supervisor

/// Messages and records in which everything is said that can be.
enum Messages {
  static let place = FolderPlace(base: "/b", path: ["c", "d"])

  static let volumes = [
    volume("made", .made), volume("given", .given, isReadOnly: true),
    volume("memory", .memory(size: 4096, mode: 0o1777)), volume("scratch", .memory(size: nil, mode: nil)),
  ]

  private static func volume(
    _ name: String, _ kind: VolumePlace.Kind, isReadOnly: Bool = false
  ) -> VolumePlace {
    VolumePlace(
      name: name, path: ["a", name], place: FolderPlace(base: "/b", path: ["a", name]),
      location: VolumeLocation(folder: "/v/\(name)/data", recovery: "/v/\(name).recovered"), kind: kind,
      isReadOnly: isReadOnly)
  }

  static var record: ServiceRecord {
    var record = ServiceRecord(
      name: "api", spec: ["name": "api"], labels: ["team": "a"], run: "run-1", digest: "v1:00",
      secretDigests: ["env/T": "d"], isInit: false, dependencies: ["db"],
      ports: [
        AssignedPort(container: 80, transport: .udp, host: 20_001),
        AssignedPort(container: 81, transport: .tcp, host: 20_002),
      ], addresses: ["b": "2", "a": "1"], volumes: volumes, at: Timestamp(milliseconds: 5))
    record.attemptedAt = Timestamp(milliseconds: 4)
    return record
  }

  static var conditions: ProcessConditions {
    var conditions = ProcessConditions()
    conditions.workingDir = "/srv"
    conditions.user = "ada"
    conditions.groups = ["a", "b"]
    conditions.identity = ProcessIdentity(user: 1, group: 2, groups: [2, 3])
    conditions.hostname = "host"
    conditions.network = .none
    conditions.noNewPrivileges = true
    conditions.readOnlyRoot = true
    conditions.addedCapabilities = ["CHOWN", "KILL"]
    conditions.droppedCapabilities = ["ALL"]
    conditions.ulimits = [
      .init(name: "core", soft: 0, hard: nil), .init(name: "nofile", soft: 1024, hard: -1),
    ]
    conditions.oomScore = -5
    conditions.cpuset = "0-1"
    return conditions
  }

  static var definition: ServiceDefinition {
    ServiceDefinition(
      record: record,
      running: RunningDefinition(
        command: ["/bin/sh", "-c", "a \"b\"\u{2028}"], environment: ["A=1"], restart: .onFailure,
        stopGrace: 10, stopSignal: "SIGQUIT", conditions: conditions,
        limits: ServiceLimits(
          cpu: 500, memory: 1 << 20, pids: 7, swap: 4096, reservedCPU: 100, reservedMemory: 8192),
        check: CheckDefinition(
          .http(path: "/x", port: 80), interval: 1, timeout: 2, retries: 3, startInterval: 4,
          status: ["200-299", "404"], headers: ["X-B": "2", "Host": "h"])),
      secretEnvironment: [[0x42, 0xFF]], isKeptStopped: true, workingPlace: place, volumes: volumes,
      former: [volumes[0]],
      items: [
        FolderItem(place: place, bytes: [0, 255], mode: 0o400),
        FolderItem(place: place, bytes: [], mode: 0o444, owner: FileOwner(user: 7, group: 8)),
      ], obsolete: [ObsoletePlace(place: place), ObsoletePlace(place: place, holding: [1])])
  }

  /// The least that can be said of a service, by each kind of check.
  static var plain: [ServiceDefinition] {
    let states: [ServiceState] = [.provisioning, .starting, .stopping]
    let restarts: [RunningDefinition.Restart] = [.always, .never, .onFailure]
    let questions: [CheckDefinition.Question] = [
      .tcp(port: 1), .grpc(service: "s", port: 2), .command(["true"]),
    ]
    return states.indices.map { index in
      var record = ServiceRecord(
        name: "other-\(index)", spec: [:], labels: [:], run: "r", digest: "d", secretDigests: [:],
        isInit: true, at: Timestamp(milliseconds: 5))
      record.state = states[index]
      return ServiceDefinition(
        record: record,
        running: RunningDefinition(
          command: [], environment: [], restart: restarts[index], stopGrace: 0,
          check: CheckDefinition(questions[index], interval: 1, timeout: 2, retries: 3)))
    }
  }

  static var instance: InstanceRecord {
    var instance = InstanceRecord(
      namespace: "n", workload: "w", place: InstancePlace(ordinal: 1, generation: 2, isBefore: false))
    instance.bootID = "b"
    instance.program = "berth-1"
    instance.supervisor = ProcessMark(id: 7, startTicks: 8)
    (instance.controlGroups.cpu, instance.controlGroups.unified) = ("/cpu", "/unified")
    var record = record
    record.state = .running
    record.isReady = true
    record.restarts = 3
    record.exitCode = 137
    record.message = "line\nbreak \u{2028}"
    record.process = ProcessMark(id: 42, startTicks: 99)
    record.mountsVolumes = true
    record.running = definition.running
    instance.services = [record]
    instance.services += plain.map { definition in
      var record = definition.record
      record.running = definition.running
      return record
    }
    return instance
  }
}
