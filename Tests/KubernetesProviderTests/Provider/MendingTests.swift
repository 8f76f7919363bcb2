import Diagnostics
import Engine
import KubernetesAPI
import Planning
import Testing
import WorkloadSpec

@testable import KubernetesProvider

/// What another client deletes or changes, and what a cluster changes only anew.
@Suite("What is mended on a cluster, and at what cost", .serialized, TestCluster.isThere)
struct MendingTests {
  private func workload(_ change: (inout Service) -> Void = { _ in }) -> Workload {
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", "level = 1\n")
    return ShopScene.workload {
      $0.env["TOKEN"] = "${secret.test:token}"
      $0.configFiles = [file]
      change(&$0)
    }
  }

  @Test("A ConfigMap and a Secret that are gone are made again, and no pod is touched")
  func missingConfig() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(workload())
      let pods = try await scene.pods()
      for type in [ResourceType.configMaps, .secrets] {
        let names = try await scene.config(type)
        #expect(names.count == 1)
        for name in names { try await scene.delete(type, name) }
        let result = try await scene.apply(workload())
        #expect(result.plan.actions.map(\.kind).filter(\.isPerformed) == [.update])
        #expect(result.plan.actions.first?.causes == [.drift])
        #expect(try await scene.config(type) == names)
        #expect(try await scene.pods() == pods)
      }
    }
  }

  private func stateful(_ volumes: [(name: String, size: String, storageClass: String?)]) -> Workload {
    var workload = self.workload { service in
      service.volumes = volumes.map { each in
        var volume = Volume()
        (volume.name, volume.mountPath, volume.type) = (each.name, "/\(each.name)", .persistent)
        volume.size = ByteQuantity(each.size)
        volume.on[KubernetesVolume.self].storageClass = each.storageClass
        return volume
      }
    }
    (workload.kind, workload.replicas) = (.statefulSet, 2)
    return workload
  }

  @Test("A stateful set gets another claim template and another volume, and keeps its data")
  func claimTemplates() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(stateful([("data", "10Mi", nil)]))
      let pods = try await scene.pods()
      try await scene.apply(stateful([("data", "10Mi", "standard")]))
      #expect(try await scene.pods() == pods)

      try await scene.apply(stateful([("data", "10Mi", "standard"), ("more", "10Mi", nil)]))
      #expect(try await scene.pods().isDisjoint(with: pods))
      let observation = try await scene.world.provider.observe(scene.key)
      #expect(observation.volumes.map(\.name) == ["data", "data", "more", "more"])
      #expect(
        try await scene.apply(
          stateful([("data", "10Mi", "standard"), ("more", "10Mi", nil)])
        ).outcome == .nothingToDo)
    }
  }

  @Test("A workload whose claims would be another one's is refused")
  func sharedClaims() async throws {
    try await ShopScene.run { scene in
      let named = { (name: String, volume: String) in
        var workload = self.stateful([(volume, "10Mi", nil)])
        (workload.name, workload.replicas) = (name, 1)
        return workload
      }
      let engine = Engine(provider: scene.world.provider, target: "kube", secrets: SecretResolvers([]))
      let request = { (workload: Workload) in
        var open = workload
        open.services[0].env = [:]
        return WorkloadRequest(key: scene.world.key(workload.name), goal: .spec(open, services: nil))
      }
      #expect(try await engine.apply(request(named("a-b", "data"))).outcome == .succeeded)
      let error = try await #require(throws: DiagnosticError.self) {
        try await engine.apply(request(named("b", "data-a")))
      }
      let problem = try #require(error.diagnostics.first { $0.severity == .error })
      #expect(problem.code == .foreignObject)
      #expect(problem.message.contains("data-a-b-0") && problem.message.contains("workload `a-b`'s"))
    }
  }

  @Test("A volume that its storage class does not let grow is refused before anything is done")
  func growth() async throws {
    try await ShopScene.run { scene in
      try await scene.apply(stateful([("data", "10Mi", nil)]))
      let error = try await #require(throws: DiagnosticError.self) {
        try await scene.apply(stateful([("data", "20Mi", nil)]))
      }
      #expect(error.diagnostics.contains { $0.code == .providerRefuses && $0.message.contains("standard") })
    }
  }
}
