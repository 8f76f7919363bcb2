import Planning
import Testing
import Values
import WorkloadSpec

@testable import Rendering

@Suite struct WorkloadListTests {
  static let now = Timestamp(milliseconds: 1_800_000_000_000)

  static func status(
    _ name: String, _ state: InstanceState?, release: Int? = 1, operatorState: OperatorState = OperatorState()
  ) -> WorkloadStatus {
    let key = WorkloadKey(name: name)
    var service = Service()
    service.name = "api"
    var workload = Workload()
    workload.name = name
    workload.labels = ["team": "docs"]
    let stamp = Stamp(
      key: key, instance: InstanceID(0), service: "api", run: RunID("run-1"),
      digest: SpecDigest(of: service, in: nil, on: nil))
    let instances = state.map { state in
      [
        ObservedInstance(
          id: InstanceID(0),
          services: [
            ObservedService(
              name: "api", stamp: stamp, state: state, isReady: state == .running,
              live: LiveService(spec: service))
          ])
      ]
    }
    return WorkloadStatus(
      key: key, target: "local",
      observation: Observation(
        engine: EngineIdentity(provider: "local", id: "e1"), instances: instances ?? []),
      release: release.map { number in
        Release(
          number: number, key: key, snapshot: workload,
          recordedAt: Timestamp(milliseconds: now.milliseconds - 7_200_000), by: "ada@build-7",
          run: RunID("run-1"))
      }, lastRun: nil, operatorState: operatorState)
  }

  static let suspended = OperatorState(
    stopped: [.all],
    suspension: Suspension(
      reason: "moving\u{1B}[31m", by: "ada@build-7",
      since: Timestamp(milliseconds: now.milliseconds - 60_000)))

  @Test("Text") func text() {
    let text = WorkloadListText.render(
      [
        Self.status("api", .running, release: 12), Self.status("new", .failed, release: nil),
        Self.status("web", nil), Self.status("zoo", .stopped, operatorState: Self.suspended),
      ], showsNamespaces: true, nextCursor: "abc", now: Self.now, style: TextStyle(colour: false))
    #expect(
      text == """
        NAMESPACE  WORKLOAD  STATE         READY  RELEASE  APPLIED  NOTE
        default    api       running       1/1    12       2h
        default    new       failed        0/1    none
        default    web       no instances  0/0    1        2h
        default    zoo       stopped       0/1    1        2h       \
        suspended 60s ago by ada@build-7: moving\\u{1B}[31m; stopped until it is started: everything

        More: add --cursor abc

        """)
    #expect(
      WorkloadListText.render(
        [], showsNamespaces: false, nextCursor: nil, now: Self.now, style: TextStyle(colour: false))
        == "No workloads.\n")
  }

  @Test("JSON") func json() throws {
    let value = try Value(
      json: WorkloadListJSON.render(
        [Self.status("zoo", .stopped, operatorState: Self.suspended)], nextCursor: "abc"))
    #expect(value["nextCursor"] == "abc")
    let workload = try #require(value["workloads"]?.list?.first)
    #expect(workload["state"] == "stopped" && workload["readyInstances"] == 0 && workload["instances"] == 1)
    #expect(workload["labels"]?["team"] == "docs")
    #expect(workload["operatorState"]?["stopped"]?.list == [["instance": .null, "service": .null]])
    #expect(workload["operatorState"]?["suspension"]?["by"] == "ada@build-7")
  }
}
