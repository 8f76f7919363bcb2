import KubernetesAPI
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// What a workload had, and has no more, is taken out of its controller, also on servers that would leave a part of it there.
@Suite("What a workload gives up", .serialized, TestCluster.isThere) struct GivingUpTests {
  private func apply(_ desired: Workload, last: Workload?, _ run: String, _ world: ClusterWorld) async throws
  {
    let provider = world.provider
    let key = world.key(desired.name)
    let facts = try await provider.info().facts
    let release = last.map {
      Release(
        number: 1, key: key, snapshot: $0, recordedAt: Timestamp(milliseconds: 0), by: "test", run: RunID("r")
      )
    }
    let plan = try Planner.plan(
      PlanInput(
        key: key, target: "test", intent: .apply, desired: desired,
        observation: try await provider.observe(key), lastRelease: release, unit: .workload,
        engine: provider.traits.engineFields, impact: { provider.impact(of: $0, on: facts) }))
    for action in plan.actions where action.kind.isPerformed {
      let context = ActionContext(
        key: key, desired: plan.desired, run: RunID(run), timeout: .seconds(60),
        engine: provider.traits.engineFields)
      try await provider.perform(action, in: context)
    }
    let live = try #require(try await provider.observe(key).controller)
    for service in desired.services {
      #expect(live.service(service.name)?.live.service.json == service.json)
    }
    #expect(live.progress == .settled)
  }

  @Test("A check, a command, a volume and the order of inits give way to others", arguments: [false, true])
  func givesWay(_ isStateful: Bool) async throws {
    var check = HealthCheck()
    check.command = ["/bin/true"]
    check.interval = .seconds(1)
    var volume = Volume()
    (volume.name, volume.mountPath) = ("data", "/data")
    func workload(_ services: Service...) -> Workload {
      var workload = Workload()
      workload.name = "shop"
      workload.replicas = 1
      workload.kind = isStateful ? .statefulSet : .deployment
      workload.strategy.maxUnavailable = 1
      workload.services = services
      return workload
    }
    let first = workload(
      .shell("one", "true", role: .`init`),
      .idle("api") {
        $0.healthCheck = check
        $0.volumes = [volume]
        $0.on[KubernetesService.self].liveness = Liveness()
        $0.on[KubernetesService.self].preStop = ["/bin/true"]
      })
    volume.type = .bind
    volume.source = "/tmp"
    let second = workload(
      .shell("zero", "true", role: .`init`),
      .shell("one", "true", role: .`init`) { $0.dependsOn = ["zero"] },
      .idle("api") { $0.volumes = [volume] })
    try await TestCluster.withWorld { world in
      try await apply(first, last: nil, "run-1", world)
      try await apply(second, last: first, "run-2", world)
      try await apply(first, last: second, "run-3", world)
    }
  }
}
