import Planning
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import LocalProvider

/// What can be said without a process.
@Suite struct PureTests {
  @Test func waitsGrowToACapAndAreForgiven() {
    var backoff = Backoff()
    let delays = (0..<8).map { _ in backoff.delay(afterRunning: 10) }
    #expect(delays == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    #expect(backoff.delay(afterRunning: Backoff.forgiven - 1) == 30_000)
    #expect(backoff.delay(afterRunning: Backoff.forgiven) == 500)
    #expect(backoff.delay(afterRunning: 0) == 1_000)
  }

  @Test(arguments: [
    ("default_shop_0", InstanceID(0)), ("default_shop_12_g3", InstanceID(12, generation: 3)),
    ("default_shop_00", nil), ("default_shop_0_g0", nil), ("default_shop_0_3", nil),
    ("default_shop_-1", nil), ("default_shop_0_g1_x", nil), ("default_shop", nil), ("default_shop2_0", nil),
    (".new_default_shop_0", nil),
  ])
  func foldersStandForInstances(name: String, expected: InstanceID?) {
    let layout = Layout(home: "/h")
    let key = WorkloadKey(name: "shop")
    #expect(layout.instanceID(name, of: key) == expected)
    if let expected { #expect(layout.instance(expected, of: key).path == "/h/instances/\(name)") }
  }

  @Test func aProcessIsReadWhateverItIsCalled() {
    let line = "42 (a) S 1 (b)) S 7 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 2461696 0"
    let entry = ProcessTable.parse(Array(line.utf8), of: 42)
    #expect(entry?.parent == 7)
    #expect(entry?.session == 42)
    #expect(entry?.group == 42)
    #expect(entry?.hasTerminal == false)
    #expect(entry?.state == UInt8(ascii: "S"))
    #expect(entry?.startTicks == 98765)
    #expect(ProcessTable.parse(Array("42 (x".utf8), of: 42) == nil)
  }

  @Test(arguments: [
    ("/nowhere/./b//c/", "/nowhere/b/c"), ("/a/../../nowhere", "/nowhere"), ("/", "/"),
  ])
  func pathsAreMadePlain(path: String, expected: String) {
    #expect(Files.absolute(path) == expected)
  }

  // MARK: Ports

  private func port(_ container: Int, host: Int? = nil) -> Port {
    var port = Port()
    port.container = container
    port.host = host
    return port
  }

  @Test func portsArePinnedKeptOrFree() {
    let kept = [AssignedPort(container: 80, transport: .tcp, host: 20_100)]
    func assign(_ ports: [Port], taken: Set<Int> = [], isFree: (Int) -> Bool = { _ in true }) -> [Int]? {
      PortAssignment.assign(ports, kept: kept, taken: taken, seed: "x") { port, _ in isFree(port) }?
        .map(\.host)
    }
    #expect(assign([port(80, host: 8080)]) == [8080])
    #expect(assign([port(80)]) == [20_100])
    // What is kept need not look free: the service itself may still be using it.
    #expect(assign([port(80)], isFree: { $0 != 20_100 }) == [20_100])
    #expect(assign([port(80)], taken: [20_100]) != [20_100])
    #expect(assign([port(80), port(90, host: 20_100)])?.first != 20_100)
    let several = assign((1...50).map { port($0) }) ?? []
    #expect(Set(several).count == 50)
    #expect(several.allSatisfy { HostPorts.assigned.contains($0) })
    #expect(assign([port(81)], isFree: { _ in false }) == nil)
    #expect(assign([port(81)]) == assign([port(81)]))
  }

  // MARK: Dependencies

  @Test func aSidecarComesAfterMainUnlessMainWaitsForIt() {
    var api = Service.script("api", "x")
    api.dependsOn = ["cache"]
    var cache = Service.script("cache", "x", role: .sidecar)
    cache.dependsOn = ["db"]
    let db = Service.script("db", "x", role: .sidecar)
    let proxy = Service.script("proxy", "x", role: .sidecar)
    let workload = Workload.of(api, cache, db, proxy)
    func dependencies(_ service: Service) -> [String] {
      DefinitionBuilder.dependencies(of: service, in: workload)
    }
    #expect(dependencies(api) == ["cache"])
    #expect(dependencies(cache) == ["db"])
    #expect(dependencies(db) == [])
    #expect(dependencies(proxy) == ["api"])
  }

  // MARK: Records

  @Test func recordsAreReadAsTheyWereWritten() throws {
    var service = ServiceRecord(
      name: "api", spec: Service.script("api", "echo \"x\"").plain, labels: ["team": "a"], run: "run-1",
      digest: "v1:00", secretDigests: ["env/T": "d"], isInit: false, dependencies: ["db"],
      ports: [AssignedPort(container: 80, transport: .udp, host: 20_001)],
      since: Timestamp(milliseconds: 5), attemptedAt: Timestamp(milliseconds: 4))
    service.state = .running
    service.isReady = true
    service.restarts = 3
    service.exitCode = 137
    service.message = "line\nbreak \u{2028}"
    service.process = ProcessMark(id: 42, startTicks: 99)
    service.mountsVolumes = true
    service.volumes = [
      VolumePlace(
        name: "v", path: ["d"], place: FolderPlace(base: "/r", path: ["d"]),
        location: VolumeLocation(folder: "/v", recovery: "/v.recovered"))
    ]
    var record = InstanceRecord(key: WorkloadKey(namespace: "n", name: "w"), id: InstanceID(1, generation: 2))
    record.bootID = "b"
    record.program = "berth-1"
    record.supervisor = ProcessMark(id: 7, startTicks: 8)
    record.services = [service]
    let text = CanonicalJSON.compact(record.json)
    #expect(try InstanceRecord(json: try Value(json: text)) == record)
  }

  @Test func definitionsAreReadAsTheyWereWritten() throws {
    let record = ServiceRecord(
      name: "api", spec: [:], labels: [:], run: "r", digest: "d", secretDigests: [:], isInit: true,
      dependencies: [], ports: [], since: Timestamp(milliseconds: 5), attemptedAt: Timestamp(milliseconds: 4))
    let place = FolderPlace(base: "/b", path: ["c", "d"])
    let volume = VolumePlace(
      name: "v", path: ["a", "c", "d"], place: place,
      location: VolumeLocation(folder: "/v/data", recovery: "/v.recovered"))
    let definition = ServiceDefinition(
      record: record, command: ["/bin/sh", "-c", ""], environment: ["A=1"],
      secretEnvironment: [[0x42, 0xFF]],
      restart: .onFailure, stopGrace: 10,
      check: CheckDefinition(probe: .http(path: "/x", port: 80), interval: 1, timeout: 2, retries: 3),
      volumes: [volume], former: [volume], items: [FolderItem(place: place, bytes: [0, 255], mode: 0o400)],
      obsolete: [ObsoletePlace(place: place), ObsoletePlace(place: place, digest: "d")])
    let text = CanonicalJSON.compact(SupervisorRequest.put(definition, .replace).json)
    guard case .put(let read, .replace) = try SupervisorRequest(json: try Value(json: text)) else {
      Issue.record("it is not the same request")
      return
    }
    #expect(read.record == record)
    #expect(read.command == definition.command)
    #expect(read.secretEnvironment == definition.secretEnvironment)
    #expect(read.items == definition.items)
    #expect(read.volumes == definition.volumes)
    #expect(read.former == definition.former)
    #expect(read.obsolete == definition.obsolete)
    #expect(read.check == definition.check)
    #expect(read.restart == .onFailure)
  }

  /// An older berth sends volumes as links among the files, and nothing of what was before.
  @Test func aDefinitionOfAnOlderBerthIsUnderstood() throws {
    let text = """
      {"record": {"name": "api", "state": "stopped", "ready": false, "restarts": 0, "since": 5, "attemptedAt": 4,
        "init": false, "dependencies": [], "ports": [], "run": "r", "digest": "d", "secretDigests": {},
        "labels": {}, "spec": {}},
        "command": ["x"], "environment": [], "secretEnvironment": [], "restart": "always", "stopGrace": 1,
        "items": [
          {"place": {"base": "/root", "path": ["srv", "data"]}, "link": "/volumes/data"},
          {"place": {"base": "/volumes/data", "path": ["in"]}, "link": "/volumes/inner"},
          {"place": {"base": "/root", "path": ["file"]}, "bytes": "00", "mode": 256}],
        "obsolete": [{"base": "/root", "path": ["old"]}]}
      """
    let definition = try ServiceDefinition(json: try Value(json: text))
    #expect(definition.volumes.map(\.path) == [["srv", "data"], ["srv", "data", "in"]])
    #expect(definition.volumes.map(\.location.folder) == ["/volumes/data", "/volumes/inner"])
    #expect(definition.former == nil)
    #expect(definition.items.map(\.place.path) == [["file"]])
    #expect(definition.obsolete.map(\.place.path) == [["old"]])
  }

  @Test func whatAServiceStartedIsLookedForBelowTheSupervisorOnly() {
    func entry(_ process: Int32, parent: Int32, session: Int32) -> ProcessTable.Entry {
      ProcessTable.Entry(
        process: process, state: UInt8(ascii: "S"), parent: parent, group: session, session: session,
        hasTerminal: false, startTicks: 1)
    }
    // No machine has processes of such numbers: nothing is read of them.
    let (supervisor, leader): (Int32, Int32) = (5_000_000, 5_000_001)
    let table = [
      entry(1, parent: 0, session: 1), entry(2, parent: 0, session: 2),
      entry(supervisor, parent: 1, session: supervisor),
      entry(leader, parent: supervisor, session: leader),
      entry(5_000_002, parent: leader, session: 5_000_002),
      // Its parent ended while the table was read.
      entry(5_000_003, parent: 4_999_999, session: leader),
      entry(5_000_004, parent: 1, session: leader),
    ]
    let family = ServiceFamily(leader: leader, folder: "/none", group: nil, strangers: nil)
    let members = family.members(of: ProcessReading(table), under: supervisor).map(\.process)
    #expect(Set(members) == [leader, 5_000_002, 5_000_003])
  }

  @Test func mountPointsAreReadWithTheirSpaces() {
    let text = """
      22 1 0:20 / / rw - ext4 /dev/root rw
      23 22 0:21 / /mnt/a\\040b\\134c rw,relatime shared:1 - tmpfs none rw
      """
    #expect(MountTable.points(text) == ["/", "/mnt/a b\\c"])
  }

  @Test(arguments: ["{}", "{\"request\": \"dance\"}", "{\"request\": \"wait\"}", "[]", "1"])
  func aRequestThatMakesNoSenseIsNotTakenForOne(text: String) throws {
    let value = try Value(json: text)
    #expect(throws: MalformedRecord.self) { try SupervisorRequest(json: value) }
    #expect(throws: MalformedRecord.self) { try SupervisorReply(json: value) }
  }
}
