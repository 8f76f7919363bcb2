import Planning
import ProviderContract
import ProviderKit
import Synchronization
import Testing
import Values
import WorkloadSpec

@testable import KubernetesAPI
@testable import KubernetesProvider

/// What a look at workloads asks a cluster for, and when.
@Suite("What a plan asks a cluster for") struct LookTests {
  private static let kinds = [
    "configmaps", "deployments", "jobs", "persistentvolumeclaims", "poddisruptionbudgets", "pods", "secrets",
    "services", "statefulsets",
  ]

  private func provider(_ connection: ClusterConnection) -> KubernetesProvider {
    KubernetesProvider(
      connection: connection, store: RegisterStore(ClusterRegisters(createsNamespaces: true, connection)),
      target: KubernetesTarget())
  }

  /// A workload with a volume, which claims are compared for.
  private func workload(_ name: String) -> Workload {
    var volume = Volume()
    (volume.name, volume.mountPath, volume.type) = ("data", "/data", .persistent)
    var workload = Workload.of(.idle("api") { $0.volumes = [volume] })
    workload.name = name
    return workload
  }

  @Test("One list for each kind, however many workloads there are, and nothing for each of them")
  func lists() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    let keys = (0..<50).map { WorkloadKey(namespace: "default", name: "w\($0)") }
    for key in keys {
      let labels: JSON = [
        Mark.managedBy: .string(Mark.berth), Mark.workload: .string(key.name), Mark.generation: "1",
      ]
      cluster.objects.put(
        "deployments/default/\(key.name)",
        ["kind": "Deployment", "metadata": ["name": .string(key.name), "labels": labels]])
    }
    let provider = provider(cluster.connection())
    _ = await provider.observe(keys, deeply: false)
    let before = cluster.requests.count

    let observations = await provider.observe(keys, deeply: false)
    let heads = await provider.history.heads(of: keys)
    for key in keys {
      _ = try await provider.assess(
        workload(key.name), as: key, given: try observations.answer(for: key))
      _ = try heads.answer(for: key)
    }
    let asked = cluster.requests.dropFirst(before).map { $0.path.last ?? "" }.sorted()
    // The other ConfigMaps are those of the history; the name of the namespace is asked for it.
    #expect(asked == (Self.kinds + ["configmaps", "default"]).sorted())
  }

  @Test("The key of digests is asked for once")
  func keys() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    let store = provider(cluster.connection()).store
    #expect(try await store.digestKey(in: "default") == nil)
    let made = try await store.makeDigestKey(in: "default")
    let before = cluster.requests.count
    for _ in 0..<10 { #expect(try await store.digestKey(in: "default") == made) }
    #expect(cluster.requests.count == before)
  }

  @Test("What is read does not wait for the version")
  func reading() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    let asked = Mutex(0)
    let provider = provider(
      cluster.connection {
        // All nine lists, those of the other version of budgets, the two namespaces and the head.
        for _ in 0..<500 where cluster.requests.count < 13 {
          try? await Task.sleep(for: .milliseconds(10))
        }
        asked.withLock { $0 = cluster.requests.count }
        return .pass
      })
    let key = WorkloadKey(namespace: "default", name: "shop")
    async let head = provider.history.head(of: key)
    let observation = try await provider.observe(key)
    _ = try await head
    #expect(observation.instances.isEmpty && observation.gaps.isEmpty)
    #expect(asked.withLock { $0 } == 13)
  }

  @Test("A server that is none is told as one, whatever else it answers")
  func noCluster() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    let provider = provider(cluster.connection { .refuse(200, ["version": "25"]) })
    let error = await #expect(throws: ProviderError.self) {
      try await provider.observe(WorkloadKey(namespace: "default", name: "shop"))
    }
    #expect(error?.message.hasSuffix("answers, but it is no Kubernetes API server") == true)
    await #expect(throws: StoreError.self) {
      try await provider.history.head(of: WorkloadKey(namespace: "default", name: "shop"))
    }
  }
}
