import Testing
import Values
import WorkloadSpec

@testable import NomadProvider

@Suite("How a job of Nomad goes from old instances to new ones")
struct RolloutTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let strategy: Strategy
    var replicas = 3
    var isStateful = false
    var isOneAtATime = false
    var pausesAfter: Int?
    let rollout: Rollout
  }

  private static func strategy(_ type: StrategyType, _ surge: Int = 1, _ unavailable: Int = 0) -> Strategy {
    var strategy = Strategy()
    (strategy.type, strategy.maxSurge, strategy.maxUnavailable) = (type, surge, unavailable)
    return strategy
  }

  static let cases = [
    Case(
      testDescription: "never fewer than are wanted", strategy: strategy(.rolling),
      rollout: Rollout(atATime: 1, surplus: 1)),
    Case(
      testDescription: "one may be away", strategy: strategy(.rolling, 0, 1), rollout: Rollout(atATime: 1)),
    Case(
      testDescription: "neither more nor fewer is one more", strategy: strategy(.rolling, 0, 0),
      rollout: Rollout(atATime: 1, surplus: 1)),
    Case(
      testDescription: "one alone gets one beside it", strategy: strategy(.rolling), replicas: 1,
      rollout: Rollout(atATime: 1, canaries: 1)),
    Case(
      testDescription: "as many more as there are", strategy: strategy(.rolling, 5, 1),
      rollout: Rollout(atATime: 3, canaries: 3)),
    Case(testDescription: "all anew", strategy: strategy(.recreate), rollout: Rollout(atATime: 3)),
    Case(
      testDescription: "a second set", strategy: strategy(.blueGreen),
      rollout: Rollout(atATime: 3, canaries: 3)),
    Case(
      testDescription: "a few first", strategy: strategy(.canary, 2),
      rollout: Rollout(atATime: 1, canaries: 2)),
    Case(
      testDescription: "no more first than there are", strategy: strategy(.canary, 9), replicas: 2,
      rollout: Rollout(atATime: 1, canaries: 2)),
    Case(
      testDescription: "a pause", strategy: strategy(.canary, 1), pausesAfter: 2,
      rollout: Rollout(atATime: 3, canaries: 2)),
    Case(
      testDescription: "one writer", strategy: strategy(.blueGreen), isOneAtATime: true,
      rollout: Rollout(atATime: 3)),
    Case(
      testDescription: "places of their own", strategy: strategy(.blueGreen), isStateful: true,
      rollout: Rollout(atATime: 1)),
    Case(
      testDescription: "nothing", strategy: strategy(.rolling), replicas: 0, rollout: Rollout(atATime: 1)),
  ]

  @Test("A strategy becomes so many at a time, and so many first", arguments: RolloutTests.cases)
  func becomes(_ rolling: Case) {
    let rollout = Rollout(
      rolling.strategy, replicas: rolling.replicas, isStateful: rolling.isStateful,
      isOneAtATime: rolling.isOneAtATime, pausesAfter: rolling.pausesAfter)
    #expect(rollout == rolling.rollout)
  }

  @Test("Deadlines are none that Nomad refuses")
  func deadlines() throws {
    var own = NomadWorkload()
    (own.minHealthyTime, own.healthyDeadline, own.progressDeadline) = (
      .seconds(60), .seconds(10), .seconds(5)
    )
    let update = UpdateText(own, []).json(Rollout())
    let times = try ["MinHealthyTime", "HealthyDeadline", "ProgressDeadline"].map {
      try #require(update[$0]?.int)
    }
    #expect(times == times.sorted())
    #expect(Set(times).count == 3)
    #expect(update["AutoRevert"] == false)
    #expect(update["AutoPromote"] == false)
  }

  @Test("While a rollout goes on, there are more instances for that alone")
  func surplus() throws {
    let mappingCase = MappingCase(name: "web", version: MappingCase.newer)
    let workload = try mappingCase.workload()
    var job = try WorkloadJob(mappingCase.writing()).json
    #expect(job.group(JobNames.group)?["Count"] == 4)
    #expect(try mappingCase.reading(job, workload).replicas == 3)
    job.changeGroup(JobNames.group) { $0["Count"] = 7 }
    #expect(try mappingCase.reading(job, workload).replicas == 7)
  }
}
