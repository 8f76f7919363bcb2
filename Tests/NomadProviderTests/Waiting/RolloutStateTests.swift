import NomadAPI
import Planning
import Testing
import Values

@testable import NomadProvider

@Suite("How far a job of Nomad has come")
struct RolloutStateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var job = Told.job()
    var allocations: [Allocation] = []
    var deployment: Deployment?
    var evaluations: [Evaluation] = [Told.evaluation("complete")]
    let progress: ObservedController.Progress
    var words: String?

    var state: RolloutState {
      RolloutState(job: job, allocations: allocations, deployment: deployment, evaluations: evaluations)
    }
  }

  private static let both = [Told.allocation(0), Told.allocation(1)]

  static let cases: [Case] = [
    Case(
      testDescription: "all is healthy", allocations: both, deployment: Told.deployment("successful"),
      progress: .settled, words: "2 of 2 instances are ready"),
    Case(
      testDescription: "all run, and nothing counts their health",
      allocations: [Told.allocation(0, healthy: nil), Told.allocation(1, healthy: nil)], progress: .settled),
    Case(
      testDescription: "all is healthy, and the deployment has not ended", allocations: both,
      deployment: Told.deployment("running"), progress: .rolling),
    Case(
      testDescription: "the deployment of another version says nothing of this one",
      allocations: [Told.allocation(0, healthy: nil), Told.allocation(1, healthy: nil)],
      deployment: Told.deployment("failed", version: 1), progress: .settled),
    Case(
      testDescription: "an old one ends",
      allocations: both + [Told.allocation(0, version: 1, desired: "stop")],
      deployment: Told.deployment("successful"), progress: .rolling,
      words: "2 of 2 instances are ready, 1 ends"),
    Case(
      testDescription: "an old one that has ended is nothing",
      allocations: both + [
        Told.allocation(0, version: 1, client: "failed", desired: "stop", healthy: false),
        Told.allocation(1, version: 1, client: "complete", desired: "stop"),
      ], deployment: Told.deployment("successful"), progress: .settled),
    Case(
      testDescription: "an old failed allocation of this version is not today's state",
      allocations: both + [
        Told.allocation(0, client: "failed", healthy: false, index: 21, id: "old")
      ], deployment: Told.deployment("successful"), progress: .settled),
    Case(
      testDescription: "an allocation of an earlier job of the name is nothing",
      allocations: both + [Told.allocation(2, version: 0, index: 5)],
      deployment: Told.deployment("successful"),
      progress: .settled),
    Case(
      testDescription: "the scheduler has not looked", allocations: both,
      deployment: Told.deployment("successful"), evaluations: [Told.evaluation("pending")], progress: .rolling
    ),
    Case(
      testDescription: "the first new ones wait to be told to go on",
      allocations: [Told.allocation(0), Told.allocation(0, version: 1), Told.allocation(1, version: 1)],
      deployment: Told.deployment("running", canaries: 1), progress: .paused,
      words: "1 of 1 instance is ready"),
    Case(
      testDescription: "that is said before they are healthy, and is not so",
      allocations: [Told.allocation(0, healthy: nil), Told.allocation(1, version: 1)],
      deployment: Told.deployment("running", canaries: 1), progress: .rolling),
    Case(
      testDescription: "promoted ones go on",
      allocations: [Told.allocation(0), Told.allocation(1, version: 1)],
      deployment: Told.deployment("running", canaries: 1, promoted: true), progress: .rolling),
    Case(
      testDescription: "an operator failed it",
      allocations: [Told.allocation(0), Told.allocation(1, version: 1)],
      deployment: Told.deployment("failed", description: "Deployment marked as failed"), progress: .held),
    Case(
      testDescription: "Nomad gave up", allocations: [Told.allocation(0), Told.allocation(1, version: 1)],
      deployment: Told.deployment("failed", description: "Failed due to progress deadline"),
      progress: .stuck("Nomad gave up: Failed due to progress deadline")),
    Case(
      testDescription: "nothing is wanted, and nothing is there", job: Told.job(count: 0),
      allocations: [Told.allocation(0, client: "complete", desired: "stop")], progress: .settled),
    Case(
      testDescription: "nothing is wanted, and one ends", job: Told.job(count: 0),
      allocations: [Told.allocation(0, desired: "stop")], progress: .rolling),
    Case(
      testDescription: "a task crashes",
      allocations: [
        Told.allocation(
          0, healthy: nil,
          tasks: [
            "api": Told.task(
              "pending", restarts: 2, ["Type": "Started"],
              ["Type": "Terminated", "Details": ["exit_code": "3", "signal": "0"]], ["Type": "Restarting"])
          ])
      ], deployment: Told.deployment("running"),
      progress: .stuck("`api` exited with code 3 before it was ready, 2 times")),
  ]

  @Test("A state is told from what servers say", arguments: RolloutStateTests.cases)
  func isTold(_ told: Case) {
    #expect(told.state.progress == told.progress)
    if let words = told.words { #expect(told.state.words == words) }
  }

  @Test("That no node takes an instance is told with what is missing, and may pass")
  func placement() throws {
    let metrics: JSON = ["NodesEvaluated": 3, "NodesExhausted": 3, "DimensionExhausted": ["memory": 3]]
    let state = RolloutState(
      job: Told.job(), allocations: [Told.allocation(0)], deployment: Told.deployment("running"),
      evaluations: [
        Told.evaluation("complete", index: 40, failures: metrics),
        Told.evaluation("blocked", index: 41, failures: metrics),
      ])
    let trouble = try #require(state.trouble)
    #expect(trouble.message == "no node takes it: memory exhausted on 3 nodes")
    #expect(trouble.outlook == .mayPass(Trouble.placementPatience))
    #expect(state.progress == .rolling)
    let placed = RolloutState(
      job: Told.job(), allocations: Self.both, deployment: Told.deployment("running"),
      evaluations: [Told.evaluation("complete", failures: metrics)])
    #expect(placed.trouble == nil)
  }
}
