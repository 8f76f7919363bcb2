import Diagnostics
import Engine
import KubernetesAPI
import Planning
import ProviderContract
import ProviderKit
import Secrets
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// What another client deletes or changes, and what a cluster changes only anew.
@Suite("What is mended on a cluster, and at what cost", .serialized, TestCluster.isThere)
struct MendingTests {
  private struct Scene {
    let world: ClusterWorld
    var key: WorkloadKey { world.key("shop") }

    func engine() -> Engine {
      Engine(provider: world.provider, target: "kube", secrets: SecretResolvers([FixedSecret()]))
    }

    @discardableResult
    func apply(_ workload: Workload) async throws -> RunResult {
      let result = try await engine().apply(
        WorkloadRequest(key: key, goal: .spec(workload, services: nil)))
      #expect(result.failures.map(\.message) == [])
      return result
    }

    func pods() async throws -> Set<String> {
      let client = try await world.connection.client()
      return Set(
        try await client.objects(.pods).list(in: world.namespace).items.filter { !$0.isBeingDeleted }
          .map(\.uid))
    }

    func names(_ type: ResourceType) async throws -> [String] {
      let client = try await world.connection.client()
      return try await client.objects(type).list(
        in: world.namespace, Selection(labels: "\(Mark.part)=\(Part.config.rawValue)")
      ).items.map(\.name)
    }

    func delete(_ type: ResourceType, _ name: String) async throws {
      let client = try await world.connection.client()
      _ = try await client.objects(type).delete(name, in: world.namespace)
    }
  }

  private struct FixedSecret: SecretResolver {
    func value(of key: String, in namespace: String) async throws -> SecretValue? {
      SecretValue(bytes: Array("planted".utf8))
    }
  }

  private func workload(_ change: (inout Service) -> Void = { _ in }) -> Workload {
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", "level = 1\n")
    var workload = Workload.of(
      .idle("api") {
        $0.env["TOKEN"] = "${secret.test:token}"
        $0.configFiles = [file]
        change(&$0)
      })
    (workload.name, workload.replicas) = ("shop", 1)
    return workload
  }

  @Test("A ConfigMap and a Secret that are gone are made again, and no pod is touched")
  func missingConfig() async throws {
    try await TestCluster.withWorld { world in
      let scene = Scene(world: world)
      try await scene.apply(workload())
      let pods = try await scene.pods()
      for type in [ResourceType.configMaps, .secrets] {
        let names = try await scene.names(type)
        #expect(names.count == 1)
        for name in names { try await scene.delete(type, name) }
        let result = try await scene.apply(workload())
        #expect(result.plan.actions.map(\.kind).filter(\.isPerformed) == [.update])
        #expect(result.plan.actions.first?.causes == [.drift])
        #expect(try await scene.names(type) == names)
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
    try await TestCluster.withWorld { world in
      let scene = Scene(world: world)
      try await scene.apply(stateful([("data", "10Mi", nil)]))
      let pods = try await scene.pods()
      try await scene.apply(stateful([("data", "10Mi", "standard")]))
      #expect(try await scene.pods() == pods)

      try await scene.apply(stateful([("data", "10Mi", "standard"), ("more", "10Mi", nil)]))
      #expect(try await scene.pods().isDisjoint(with: pods))
      let observation = try await world.provider.observe(scene.key)
      #expect(observation.volumes.map(\.name) == ["data", "data", "more", "more"])
      #expect(
        try await scene.apply(
          stateful([("data", "10Mi", "standard"), ("more", "10Mi", nil)])
        ).outcome == .nothingToDo)
    }
  }

  @Test("A volume that its storage class does not let grow is refused before anything is done")
  func growth() async throws {
    try await TestCluster.withWorld { world in
      let scene = Scene(world: world)
      try await scene.apply(stateful([("data", "10Mi", nil)]))
      let error = try await #require(throws: DiagnosticError.self) {
        try await scene.apply(stateful([("data", "20Mi", nil)]))
      }
      #expect(error.diagnostics.contains { $0.code == .providerRefuses && $0.message.contains("standard") })
    }
  }
}
