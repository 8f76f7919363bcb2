import KubernetesAPI
import Planning
import Testing
import Values

@testable import KubernetesProvider

@Suite("What a container is doing")
struct ContainerStateTests {
  private func state(
    _ status: JSON?, runsToEnd: Bool = false, _ edit: (inout KubernetesObject) -> Void = { _ in }
  )
    -> ContainerState
  {
    var pod = KubernetesObject(.pods, name: "shop-1", namespace: "default")
    var named: JSON = ["name": "api"]
    for member in status?.members ?? [] { named[member.key] = member.value }
    pod["status"] = ["phase": "Running", "containerStatuses": status == nil ? [] : [named]]
    edit(&pod)
    return ContainerState("api", of: pod, runsToEnd: runsToEnd)
  }

  private static let start = Timestamp(milliseconds: 1_796_000_400_000)

  @Test("What has no status yet is being made ready")
  func isNew() { #expect(state(nil).state == .provisioning) }

  @Test("What runs is ready when the cluster says so")
  func runs() {
    let running: JSON = ["running": ["startedAt": .string(Self.start.description)]]
    let ready = state(["state": running, "ready": true, "restartCount": 2])
    #expect(ready.state == .running && ready.isReady)
    #expect(ready.restarts == 2)
    #expect(ready.since == Self.start)
    let starting = state(["state": running, "ready": false])
    #expect(starting.state == .starting && !starting.isReady)
  }

  @Test("What runs to its end is ready when it has succeeded")
  func completes() {
    let running = state(["state": ["running": [:]], "ready": true], runsToEnd: true)
    #expect(running.state == .running && !running.isReady)
    let done = state(["state": ["terminated": ["exitCode": 0]], "ready": true], runsToEnd: true)
    #expect(done.state == .stopped && done.isReady && done.exitCode == 0)
    let failed = state(["state": ["terminated": ["exitCode": 3]]], runsToEnd: true)
    #expect(failed.state == .failed && !failed.isReady && failed.exitCode == 3)
    #expect(failed.message == "exited with code 3")
  }

  @Test("What ends each time that it is started has failed, with its last exit code")
  func crashes() {
    let found = state([
      "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off 10s"]],
      "lastState": ["terminated": ["exitCode": 0, "signal": 9]], "restartCount": 4,
    ])
    #expect(found.state == .failed)
    #expect(found.exitCode == 137)
    #expect(found.restarts == 4)
  }

  @Test("What goes is going, and of a pod that failed nothing runs")
  func goes() {
    let running: JSON = ["state": ["running": [:]], "ready": true]
    let going = state(running) { $0.metadata["deletionTimestamp"] = "2026-11-30T00:00:00Z" }
    #expect(going.state == .destroying && !going.isReady)
    let evicted = state(running) { $0["status"] = ["phase": "Failed", "reason": "Evicted"] }
    #expect(evicted.state == .failed)
    #expect(evicted.message == "Evicted")
  }
}
