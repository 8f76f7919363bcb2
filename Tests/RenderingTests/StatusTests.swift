import Planning
import Rendering
import Testing
import Values
import WorkloadSpec

@Suite struct StatusTests {
  private let now = HistoryTests.moment(600)

  private func ago(_ seconds: Int64) -> Timestamp {
    Timestamp(milliseconds: now.milliseconds - seconds * 1000)
  }

  private func service(
    _ name: String, _ state: InstanceState, ready: Bool, since: Int64,
    _ edit: (inout ObservedService) -> Void = { _ in }
  ) -> ObservedService {
    let spec = PlanFixture.service(name)
    var service = ObservedService(
      name: name,
      stamp: Stamp(
        key: HistoryTests.key, instance: InstanceID(0), service: name, run: RunID("r"),
        digest: SpecDigest(of: spec, in: nil, on: nil)),
      state: state, isReady: ready, since: ago(since), live: LiveService(spec: spec))
    edit(&service)
    return service
  }

  private var status: WorkloadStatus {
    let observation = Observation(
      engine: EngineIdentity(provider: "local", id: "e"),
      instances: [
        ObservedInstance(
          id: InstanceID(0),
          services: [
            service("migrate", .stopped, ready: true, since: 7200) {
              $0.live.service.role = .`init`
              $0.exitCode = 0
            },
            service("api", .running, ready: true, since: 300) {
              $0.restarts = 2
              $0.processID = 4711
              $0.endpoints = [
                Endpoint(containerPort: 8080, transport: .tcp, hostAddress: "127.0.0.1", hostPort: 32768),
                Endpoint(containerPort: 53, transport: .udp, hostAddress: "::1", hostPort: 53),
              ]
            },
          ]),
        ObservedInstance(
          id: InstanceID(1), isAlive: false,
          services: [
            service("api", .failed, ready: false, since: 45) {
              $0.exitCode = 137
              $0.message = "GET /healthz\u{7}: connection refused"
            }
          ], message: "its supervisor is gone"),
      ],
      volumes: [
        ObservedVolume(name: "data", type: .persistent, size: ByteQuantity("1Gi")),
        ObservedVolume(name: "cache", ordinal: 1, type: .ephemeral),
      ], foreign: [ForeignObject(name: "shop_1", kind: "a folder that berth did not create")])
    let release = Release(
      number: 4, key: HistoryTests.key, snapshot: PlanFixture.workload([]), recordedAt: ago(7200),
      by: "ada@build-7", run: RunID("r4"), restoredFrom: 2)
    let run = Run(
      id: RunID("r5"), key: HistoryTests.key, intent: .apply, startedAt: ago(600), endedAt: ago(590),
      outcome: .failed, by: "ada@build-7", summary: "…", failure: "api exited with code 137")
    return WorkloadStatus(
      key: HistoryTests.key, target: "local", observation: observation, release: release, lastRun: run)
  }

  @Test(
    "How far a controller has come is told, unless all is well",
    arguments: [
      (ObservedController.Progress.settled, nil),
      (.rolling, "rolling: instances of the template come, and others go"),
      (.stuck("no node\u{7}"), "stuck: no node\\u{07}"),
      (.held, "held: no instance changes before the next apply or rollback"),
      (.paused, "paused: new instances are ready beside the old ones"),
      (
        .orphaned,
        "its controller is gone: an instance that ends does not come again before the next apply"
      ),
    ])
  func controllers(_ progress: ObservedController.Progress, _ line: String?) throws {
    var status = status
    status.observation.controller = ObservedController(
      template: [], replicas: 2, strategy: Strategy(), progress: progress)
    let plain = StatusText.render(self.status, now: now, style: TextStyle()).split(separator: "\n")
    let lines = StatusText.render(status, now: now, style: TextStyle()).split(separator: "\n")
    #expect(lines.filter { !plain.contains($0) }.map(String.init) == (line.map { [$0] } ?? []))
    let json = try Value(json: StatusJSON.render(status))["controller"]
    #expect(json?["progress"]?.string.map { "\(progress)".hasPrefix($0) } == true)
    #expect((json?["message"]?.string == nil) == (progress != .stuck("no node\u{7}")))
  }

  @Test("Every service is told") func everyServiceIsTold() {
    #expect(
      StatusText.render(status, now: now, style: TextStyle()) == """
        shop on local (namespace default): failed, 1 of 2 instances ready, 2 restarts
        release 4, recorded 2h ago by ada@build-7, restored from release 2
        last run: apply failed 10m ago: api exited with code 137

        INSTANCE  SERVICE  STATE      READY  RESTARTS  SINCE  PID   ENDPOINTS
        0         migrate  completed  yes    0         2h
                  api      running    yes    2         5m     4711  8080/tcp → 127.0.0.1:32768, 53/udp → [::1]:53
        1         api      failed     no     0         45s
                  └ api: ended with exit code 137; GET /healthz\\u{07}: connection refused
          └ instance 1: its supervisor is gone

        Volumes: data 1Gi (detached), cache (instance 1)

        a folder that berth did not create sits on the name shop_1

        """)
  }

  @Test("Nothing is there") func nothingIsThere() {
    let nothing = WorkloadStatus(
      key: HistoryTests.key, target: "local",
      observation: Observation(engine: EngineIdentity(provider: "local", id: "e")), release: nil, lastRun: nil
    )
    #expect(
      StatusText.render(nothing, now: now, style: TextStyle()) == """
        shop on local (namespace default): no instances
        no release

        """)
  }

  @Test("What cannot be seen is unknown") func whatCanNotBeSeenIsUnknown() throws {
    var blind = status
    blind.observation.gaps = ["instance 2: permission denied"]
    blind.lastRun?.outcome = .abandoned
    #expect(
      StatusText.render(blind, now: now, style: TextStyle()).hasPrefix(
        """
        shop on local (namespace default): unknown, 1 of 2 instances ready, 2 restarts
        can't be observed: instance 2: permission denied
        release 4, recorded 2h ago by ada@build-7, restored from release 2
        last run: apply, begun 10m ago by ada@build-7, was killed

        """))
    let value = try Value(json: StatusJSON.render(blind))
    #expect(value["state"] == "unknown")
    #expect(value["isReady"] == false)
    #expect(value["gaps"] == ["instance 2: permission denied"])
  }

  @Test("JSON") func json() throws {
    let value = try Value(json: StatusJSON.render(status))
    #expect(value["workload"] == "shop")
    #expect(value["state"] == "failed")
    #expect(value["restarts"] == 2)
    #expect(value["release"]?["number"] == 4)
    #expect(value["lastRun"]?["failure"] == "api exited with code 137")
    let instances = try #require(value["instances"]?.list)
    #expect(instances.map { $0["isAlive"] } == [true, false])
    let services = try #require(instances[0]["services"]?.list)
    #expect(
      services[1] == [
        "name": "api", "role": "main", "state": "running", "isReady": true, "hasCompleted": false,
        "restarts": 2, "since": .string(ago(300).description), "exitCode": .null, "processID": 4711,
        "message": .null,
        "endpoints": [
          ["container": 8080, "protocol": "tcp", "address": "127.0.0.1", "host": 32768],
          ["container": 53, "protocol": "udp", "address": "::1", "host": 53],
        ],
      ])
    #expect(services[0]["hasCompleted"] == true)
    #expect(instances[1]["message"] == "its supervisor is gone")
    #expect(value["volumes"]?.list?.map { $0["size"] } == ["1Gi", .null])
    #expect(value["volumes"]?.list?.map { $0["isDetached"] } == [true, false])
    #expect(value["foreign"]?.list?.count == 1)
  }

  @Test(
    "Ages have the units that matter",
    arguments: [
      (-5, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (3599, "59m"), (3600, "1h"), (3660, "1h1m"),
      (86399, "23h59m"), (86400, "1d"), (90000, "1d1h"), (700_000, "8d"),
    ] as [(Int64, String)])
  func agesHaveTheUnitsThatMatter(seconds: Int64, text: String) {
    var status = status
    status.release?.recordedAt = ago(seconds)
    let shown = StatusText.render(status, now: now, style: TextStyle())
    #expect(shown.contains("release 4, recorded \(text) ago by"))
  }
}
