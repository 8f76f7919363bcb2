import NomadAPI
import Planning
import Testing
import Values

@testable import NomadProvider

@Suite("What goes wrong with an allocation of Nomad")
struct TroubleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let task: JSON
    var client = "pending"
    var healthy: Bool?
    let sentence: String?
    var mayPass = false
    var state = InstanceState.failed
    var exitCode: Int?

    var allocation: Allocation { Told.allocation(0, client: client, healthy: healthy, tasks: ["api": task]) }
  }

  static let cases: [Case] = [
    Case(
      testDescription: "an image that is not there",
      task: Told.task(
        "pending", ["Type": "Received"],
        ["Type": "Driver Failure", "DisplayMessage": "Failed to pull `nope:1`: not found"],
        ["Type": "Restarting"]),
      sentence: "`api` can't get its image: Failed to pull `nope:1`: not found"),
    Case(
      testDescription: "a driver that can't start it",
      task: Told.task(
        "dead", failed: true, ["Type": "Driver Failure", "DisplayMessage": "no such file"],
        ["Type": "Not Restarting"]), client: "failed", sentence: "`api` can't be started: no such file"),
    Case(
      testDescription: "a start that failed once and has succeeded since",
      task: Told.task(
        "running", restarts: 1, ["Type": "Driver Failure", "DisplayMessage": "busy"], ["Type": "Started"]),
      client: "running", sentence: nil, state: .running),
    Case(
      testDescription: "an end for want of memory",
      task: Told.task(
        "pending", restarts: 1,
        ["Type": "Terminated", "Details": ["exit_code": "137", "signal": "9", "oom_killed": "true"]],
        ["Type": "Restarting"]),
      sentence: "`api` was ended by the system: it took more memory than its limit before it was ready",
      exitCode: 137),
    Case(
      testDescription: "an end by a signal",
      task: Told.task(
        "dead", failed: true, ["Type": "Terminated", "Details": ["exit_code": "0", "signal": "11"]],
        ["Type": "Not Restarting"]), client: "failed",
      sentence: "`api` exited with code 139 before it was ready", exitCode: 139),
    Case(
      testDescription: "what its template lacks",
      task: Told.task(
        "pending", ["Type": "Received"],
        ["Type": "Template", "DisplayMessage": "Missing: nomad.var.block(x)"]),
      sentence:
        "`api` waits for what its files and variables are rendered from: Missing: nomad.var.block(x)",
      mayPass: true, state: .provisioning),
    Case(
      testDescription: "a health that never came",
      task: Told.task(
        "running", ["Type": "Started"],
        ["Type": "Alloc Unhealthy", "DisplayMessage": "Services not healthy by deadline"]), client: "running",
      healthy: false, sentence: "`api` did not become healthy: Services not healthy by deadline",
      state: .starting),
    Case(
      testDescription: "a node that is lost", task: Told.task("running", ["Type": "Started"]), client: "lost",
      sentence: "its node does not answer any more", mayPass: true, state: .unknown),
    Case(
      testDescription: "a task that runs", task: Told.task("running", ["Type": "Started"]), client: "running",
      healthy: true, sentence: nil, state: .running),
    Case(
      testDescription: "a task that is being made ready", task: Told.task("pending", ["Type": "Task Setup"]),
      sentence: nil, state: .provisioning),
  ]

  @Test("It is told in words, and as a state", arguments: TroubleTests.cases)
  func isTold(_ told: Case) {
    let trouble = Trouble.of(told.allocation)
    #expect(trouble?.sentence == told.sentence)
    #expect((trouble?.outlook == .hopeless) == (told.sentence != nil && !told.mayPass))
    let state = TaskRunState("api", of: told.allocation, runsToEnd: false)
    #expect(state.state == told.state)
    #expect(state.exitCode == told.exitCode)
    #expect(state.isReady == (told.state == .running))
  }

  @Test("What runs to its end is done when that was a success")
  func runsToEnd() {
    let done = Told.task("dead", ["Type": "Terminated", "Details": ["exit_code": "0", "signal": "0"]])
    let failed = Told.task(
      "dead", failed: true, ["Type": "Terminated", "Details": ["exit_code": "4", "signal": "0"]])
    let first = TaskRunState("api", of: Told.allocation(0, tasks: ["api": done]), runsToEnd: true)
    #expect((first.state, first.isReady, first.exitCode) == (.stopped, true, 0))
    let second = TaskRunState("api", of: Told.allocation(0, tasks: ["api": failed]), runsToEnd: true)
    #expect((second.state, second.isReady, second.exitCode) == (.failed, false, 4))
    #expect(second.message == "exited with code 4")
  }

  @Test("What is told to end is on its way out")
  func ending() {
    let allocation = Told.allocation(0, desired: "stop")
    #expect(Trouble.of(allocation) == nil)
    #expect(TaskRunState("api", of: allocation, runsToEnd: false).state == .destroying)
  }

  @Test("Of an instance that ends, a task that a signal has ended already has not failed")
  func endsBySignal() {
    let ended: JSON = [
      "State": "dead",
      "Events": [
        ["Type": "Killing"], ["Type": "Terminated", "Details": ["exit_code": "143", "signal": "15"]],
        ["Type": "Killed"],
      ],
    ]
    let allocation = Told.allocation(
      0, desired: "stop", tasks: ["api": ended, "proxy": ["State": "running"]])
    let state = TaskRunState("api", of: allocation, runsToEnd: false)
    #expect(state.state == .destroying && !state.isReady && state.message == nil)
  }
}
