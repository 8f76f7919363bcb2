import KubernetesTestSupport
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import KubernetesProvider

/// An adoption that is killed at any request that changes something is gone on with, and no pod is made anew for it.
@Suite("An adoption that is cut off", .serialized, TestCluster.isThere) struct AdoptionCrashTests {
  @Test(
    "Whatever request is the last one, the next run gets there with the same pods", arguments: [false, true])
  func isTakenUp(_ isStateful: Bool) async throws {
    for isAfter in Thoroughness.isFull ? [false, true] : [true] {
      var step = 1
      while try await isCutOff(at: step, isAfter: isAfter, isStateful) { step += Thoroughness.isFull ? 1 : 2 }
      #expect(step > 4)
    }
  }

  /// - Returns: whether there was a request to be cut off at.
  private func isCutOff(at step: Int, isAfter: Bool, _ isStateful: Bool) async throws -> Bool {
    let guillotine = Guillotine(at: step, isAfter: isAfter)
    try await ShopScene.run { scene in
      var shop = AdoptionTests.listening(.ofHelm)
      shop.isStateful = isStateful
      let workload = isStateful ? AdoptionTests.stateful() : AdoptionTests.workload()
      try await scene.make(shop, of: workload.services[0])
      let pods = try await scene.pods()
      let tap = try await ClusterTap.start(
        to: try await scene.world.connection.client().access, guillotine.judge)
      let doomed = scene.world.provider(through: tap.access)
      let plan = try await scene.plan(workload, adopts: true)
      let adopt = try #require(plan.actions.first { $0.kind == .adopt })
      let context = ActionContext(
        key: plan.key, desired: plan.desired, run: RunID("run-1"), timeout: .seconds(60),
        engine: doomed.traits.engineFields)
      // A program that only lost its cluster would wait for it.
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          do { try await doomed.perform(adopt, in: context) } catch {
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
      try await scene.apply(workload, adopts: true)
      #expect(try await scene.pods() == pods, "step \(step)")
      #expect(try await scene.plan(workload).isEmpty, "step \(step)")
      try await scene.perform(.destroy(volumes: true))
      #expect(try await scene.world.leftovers() == [], "step \(step)")
    }
    return guillotine.isReached
  }
}
