import Planning
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import ProviderContract

/// Something that befalls a workload on a cluster, and what must come of it: on the one in memory and on a real agent alike.
struct ClusterStory: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Lets it happen.
  let tell: @Sendable (ContractScene) async throws -> Void

  init(_ sentence: String, _ tell: @escaping @Sendable (ContractScene) async throws -> Void) {
    (testDescription, self.tell) = (sentence, tell)
  }

  static let all = rolling + paused + resting + kept
}

// MARK: Rolling

extension ClusterStory {
  private static let rolling: [ClusterStory] = [
    ClusterStory("A rollout with a surplus never has fewer ready instances than are wanted") { scene in
      let old = scene.rolled(.rolling, version: 1, replicas: 2)
      try await scene.apply(old)
      let new = scene.rolled(.rolling, version: 2, replicas: 2)
      let watch = Task { try await scene.fewestReady() }
      try await scene.apply(new, last: old, run: "run-2")
      watch.cancel()
      #expect(try await watch.value >= 2)
      try await scene.expectSettled(new, run: "run-2")
    },
    ClusterStory("Instances that are recreated end before others start") { scene in
      let old = scene.rolled(.recreate, version: 1, replicas: 2)
      try await scene.apply(old)
      let new = scene.rolled(.recreate, version: 2, replicas: 2)
      let watch = Task { try await scene.mostReady() }
      try await scene.apply(new, last: old, run: "run-2")
      watch.cancel()
      #expect(try await watch.value <= 2)
      try await scene.expectSettled(new, run: "run-2")
    },
    ClusterStory("The instances of a stateful set keep their places") { scene in
      func set(_ version: Int) -> Workload {
        scene.workload([scene.service("api", version: version)], replicas: 2) { $0.kind = .statefulSet }
      }
      try await scene.apply(set(1))
      #expect(try await scene.observe().instances.map(\.id) == [InstanceID(0), InstanceID(1)])
      try await scene.apply(set(2), last: set(1), run: "run-2")
      #expect(try await scene.observe().instances.map(\.id) == [InstanceID(0), InstanceID(1)])
      try await scene.expectSettled(set(2), run: "run-2")
    },
    ClusterStory("What is held changes nothing more, and is mended by the next run") { scene in
      let old = scene.rolled(.rolling, version: 1, replicas: 2)
      try await scene.apply(old)
      var broken = old
      broken.services[0] = scene.harness.failingService("api", role: .main)
      await #expect(throws: ActionFailure.self) {
        try await scene.apply(broken, last: old, run: "run-2")
      }
      try await scene.provider.perform(
        Action(.hold, .workload), in: scene.context(broken, run: "run-2"))
      #expect(try await scene.observe().controller?.progress == .held)
      #expect(try await scene.readyCount() >= 2)
      let mended = scene.rolled(.rolling, version: 3, replicas: 2)
      try await scene.apply(mended, last: old, run: "run-3")
      try await scene.expectSettled(mended, run: "run-3")
    },
  ]

  // MARK: Waiting

  private static let paused: [ClusterStory] = [StrategyType.blueGreen, .canary].flatMap { type in
    [
      ClusterStory("New instances of \(type.rawValue) wait beside the old ones, and take over") { scene in
        let (old, new) = (
          scene.rolled(type, version: 1, replicas: 2), scene.rolled(type, version: 2, replicas: 2)
        )
        let plan = try await scene.pause(between: old, and: new)
        let before = try await scene.observe()
        #expect(before.controller?.progress == .paused)
        let coming = type == .canary ? 1 : 2
        #expect(before.instances.filter(\.isReady).count == 2 + coming)
        #expect(before.instances.filter { $0.isMade(by: "run-2") }.count == coming)
        // A run that was told to pause twice has paused once.
        for action in plan.actions where action.kind.isPerformed {
          try await scene.provider.perform(action, in: scene.context(new, run: "run-2"))
        }
        #expect(try await scene.observe().instances.map(\.id) == before.instances.map(\.id))
        try await scene.apply(new, last: old, run: "run-3")
        try await scene.expectSettled(new, run: nil)
      },
      ClusterStory("New instances of \(type.rawValue) wait beside the old ones, and go again") { scene in
        let (old, new) = (
          scene.rolled(type, version: 1, replicas: 2), scene.rolled(type, version: 2, replicas: 2)
        )
        try await scene.apply(old)
        let first = try await scene.observe().instances.map(\.id)
        let plan = try await scene.plan(
          new, last: old, pause: Pause(by: "a test", since: Timestamp(milliseconds: 0)))
        for action in plan.actions where action.kind.isPerformed {
          try await scene.provider.perform(action, in: scene.context(new, run: "run-2"))
        }
        try await scene.apply(old, last: old, run: "run-3", operatorState: plan.operatorState)
        #expect(try await scene.observe().staying.map(\.id) == first)
        try await scene.expectSettled(old, run: nil)
      },
    ]
  }

  // MARK: Stopping

  private static let resting: [ClusterStory] = [
    ClusterStory("A workload that was stopped starts with as many instances as it had") { scene in
      let workload = scene.workload([scene.service("api")], replicas: 2)
      try await scene.apply(workload)
      try await scene.operate(.stop(.all), on: workload, run: "run-2")
      #expect(try await scene.readyCount() == 0)
      #expect(try await scene.observe().controller?.replicas == 0)
      let state = OperatorState(stopped: [.all])
      #expect(
        try await scene.plan(workload, last: workload, operatorState: state).actions.isEmpty)
      try await scene.operate(.start(.all), on: workload, after: state, run: "run-3")
      #expect(try await scene.readyCount() == 2)
    }
  ]

  // MARK: What is told

  private static let kept: [ClusterStory] = [
    ClusterStory("The lines of old and new instances come while they are followed") { scene in
      let old = scene.workload([scene.service("api")])
      try await scene.apply(old)
      let reading = Task {
        var instances: Set<InstanceID> = []
        for try await line in scene.provider.logs(of: scene.key, matching: LogQuery(follow: true)) {
          instances.insert(line.instance)
          if instances.count == 2 { break }
        }
        return instances
      }
      let new = scene.workload([scene.service("api", version: 2)])
      try await scene.apply(new, last: old, run: "run-2")
      let heard = try await inTime(scene.harness.timeout) { try await reading.value }
      #expect(heard?.count == 2)
    },
    ClusterStory("A workload that was destroyed is made again under its name") { scene in
      let workload = scene.workload([scene.service("migrate", .before), scene.service("api")])
      try await scene.apply(workload)
      try await scene.apply(nil, last: workload, run: "run-2")
      try await scene.apply(workload, run: "run-3")
      try await scene.expectSettled(workload, run: "run-3")
      #expect(try await scene.observe().before?.service("migrate")?.hasCompleted == true)
    },
  ]
}

extension ContractScene {
  fileprivate func rolled(_ type: StrategyType, version: Int, replicas: Int) -> Workload {
    workload([service("api", version: version)], replicas: replicas) {
      $0.strategy.type = type
      $0.strategy.maxUnavailable = 0
    }
  }

  fileprivate func pause(between old: Workload, and new: Workload) async throws -> Plan {
    try await apply(old)
    let plan = try await plan(new, last: old, pause: Pause(by: "a test", since: Timestamp(milliseconds: 0)))
    for action in plan.actions where action.kind.isPerformed {
      try await provider.perform(action, in: context(new, run: "run-2"))
    }
    return plan
  }

  fileprivate func readyCount() async throws -> Int { try await observe().instances.filter(\.isReady).count }

  /// The fewest instances that were ready at once, until it is cancelled.
  fileprivate func fewestReady() async throws -> Int { try await ready(.max, min) }
  /// The most instances that were ready at once, until it is cancelled.
  fileprivate func mostReady() async throws -> Int { try await ready(0, max) }

  private func ready(_ start: Int, _ join: (Int, Int) -> Int) async throws -> Int {
    var result = start
    while !Task.isCancelled {
      guard let count = try? await readyCount() else { break }
      result = join(result, count)
      try? await Task.sleep(for: .milliseconds(20))
    }
    return result
  }

  /// Expects as many ready instances as are wanted, made by a run, and nothing left to do.
  fileprivate func expectSettled(_ workload: Workload, run: String?) async throws {
    let staying = try await observe().staying
    #expect(staying.count == workload.replicas)
    #expect(staying.allSatisfy { $0.isReady })
    if let run { #expect(staying.allSatisfy { $0.isMade(by: run) }) }
    #expect(try await plan(workload, last: workload).actions.map(\.id) == [])
  }
}

extension ObservedInstance {
  fileprivate func isMade(by run: String) -> Bool {
    services.allSatisfy { $0.stamp.run == RunID(run) }
  }
}
