import KubernetesAPI
import KubernetesTestSupport
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// A program that is killed at any request that changes something, and then run again, gets to the same end.
@Suite("Cut off at any request", .serialized, TestCluster.isThere) struct CrashTests {
  private func workload(version: Int) -> Workload {
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", "version = \(version)\n")
    var port = Port()
    port.container = 8080
    var workload = Workload.of(
      .shell("migrate", "echo \(version)", role: .before),
      .idle("api", saying: "\(version)") {
        $0.configFiles = [file]
        $0.ports = [port]
      })
    workload.replicas = 1
    return workload
  }

  private func plan(
    _ desired: Workload?, last: Workload?, _ world: ClusterWorld, incomplete: Set<RunID> = []
  ) async throws -> Plan {
    let provider = world.provider
    let facts = try await provider.info().facts
    let release = last.map {
      Release(
        number: 1, key: world.key("shop"), snapshot: $0, recordedAt: Timestamp(milliseconds: 0), by: "test",
        run: RunID("run-1"))
    }
    return try Planner.plan(
      PlanInput(
        key: world.key("shop"), target: "test", intent: desired == nil ? .destroy : .apply, desired: desired,
        observation: try await provider.observe(world.key("shop")), lastRelease: release,
        incompleteRuns: incomplete, unit: .workload, engine: provider.traits.engineFields,
        impact: { provider.impact(of: $0, on: facts) }))
  }

  private func perform(_ plan: Plan, run: String, by provider: KubernetesProvider) async throws {
    for action in plan.actions where action.kind.isPerformed {
      let context = ActionContext(
        key: plan.key, desired: plan.desired, run: RunID(run), timeout: .seconds(60),
        engine: provider.traits.engineFields)
      try await provider.perform(action, in: context)
    }
  }

  /// What is there, once what goes has gone, which nothing waits for longer than its time.
  private func look(_ world: ClusterWorld) async throws -> Observation {
    var found = try await world.provider.observe(world.key("shop"))
    for _ in 0..<120 where !(found.isReady && found.instances.count == 1) {
      try await Task.sleep(for: .seconds(1))
      found = try await world.provider.observe(world.key("shop"))
    }
    return found
  }

  @Test("Whatever request is the last one, the next run gets there, and nothing is left over or there twice")
  func isTakenUp() async throws {
    for isAfter in Thoroughness.isFull ? [false, true] : [true] {
      var step = 1
      while try await isCutOff(at: step, isAfter: isAfter) { step += Thoroughness.isFull ? 1 : 4 }
      #expect(step > 3)
    }
  }

  /// - Returns: whether there was a request to be cut off at.
  private func isCutOff(at step: Int, isAfter: Bool) async throws -> Bool {
    var isReached = true
    try await TestCluster.withWorld { world in
      let (old, new) = (workload(version: 1), workload(version: 2))
      try await perform(try await plan(old, last: nil, world), run: "run-1", by: world.provider)
      let guillotine = Guillotine(at: step, isAfter: isAfter)
      let tap = try await ClusterTap.start(
        to: try await world.connection.client().access, guillotine.judge)
      let doomed = world.provider(through: tap.access)
      let doomedPlan = try await plan(new, last: old, world)
      // A program that only lost its cluster would wait for it.
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          do { try await perform(doomedPlan, run: "run-2", by: doomed) } catch {
            #expect(guillotine.isReached, "\(error)")
          }
        }
        group.addTask {
          while !guillotine.isReached { try await Task.sleep(for: .milliseconds(20)) }
        }
        try await group.next()
        group.cancelAll()
      }
      tap.stop()
      isReached = guillotine.isReached
      try await perform(
        try await plan(new, last: old, world, incomplete: ["run-2"].asRuns), run: "run-3", by: world.provider)
      let found = try await look(world)
      #expect(found.isReady && found.instances.count == 1, "step \(step)")
      #expect(found.controller?.progress == .settled, "step \(step)")
      #expect(found.before?.services.map(\.hasCompleted) == [true], "step \(step)")
      let again = try await plan(new, last: new, world)
      #expect(again.actions.map(\.id) == [], "step \(step)")
      // The config of the revision before stays, so that the cluster can go back to it.
      let config = try await world.leftovers().filter { $0.hasPrefix("ConfigMap") }
      #expect(config.count == 2, "step \(step): \(config)")
      try await perform(try await plan(nil, last: new, world), run: "run-4", by: world.provider)
      #expect(try await world.leftovers() == [], "step \(step)")
    }
    return isReached
  }

  @Test("Two appliers at once make one workload")
  func twoAtOnce() async throws {
    try await TestCluster.withWorld { world in
      let wanted = workload(version: 1)
      let plan = try await plan(wanted, last: nil, world)
      let second = ClusterWorld(namespace: world.namespace)
      await withTaskGroup(of: Void.self) { group in
        for (run, provider) in [("run-1", world.provider), ("run-2", second.provider)] {
          // One of both may be told that the other was faster.
          group.addTask { try? await perform(plan, run: run, by: provider) }
        }
      }
      try await perform(
        try await self.plan(wanted, last: nil, world, incomplete: ["run-1", "run-2"].asRuns), run: "run-3",
        by: world.provider)
      let found = try await look(world)
      #expect(found.isReady && found.instances.count == 1)
      #expect(try await self.plan(wanted, last: wanted, world).actions.map(\.id) == [])
    }
  }
}

extension [String] {
  fileprivate var asRuns: Set<RunID> { Set(map { RunID($0) }) }
}
