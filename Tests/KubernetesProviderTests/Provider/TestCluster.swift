import Foundation
import Planning
import ProviderContract
import ProviderKit
import Testing
import Wire
import WorkloadSpec

@testable import KubernetesAPI
@testable import KubernetesProvider

/// A namespace of the cluster that tests run against, with a provider; see ``RealCluster``.
enum TestCluster {
  /// Whether pods run there.
  static let isThere: ConditionTrait = .enabled(if: RealCluster.hasNode, RealCluster.skipped)

  /// A connection of its own.
  static func connection() -> ClusterConnection { ClusterConnection { try await RealCluster.connect() } }

  /// Runs something with a namespace that is deleted afterwards.
  static func withWorld(_ body: (ClusterWorld) async throws -> Void) async throws {
    let world = ClusterWorld(namespace: "berth-test-\(UUID().uuidString.lowercased().prefix(8))")
    do {
      try await body(world)
    } catch {
      try? await world.end()
      throw error
    }
    try await world.end()
  }
}

/// A namespace of the cluster, with a provider.
struct ClusterWorld: Sendable {
  let namespace: String
  let connection: ClusterConnection
  let provider: KubernetesProvider

  init(namespace: String, store: any ReleaseStore = MemoryStore()) {
    self.namespace = namespace
    connection = TestCluster.connection()
    var target = KubernetesTarget()
    target.createNamespace = true
    provider = KubernetesProvider(
      connection: connection, store: store, target: target, allowed: Set(Permission.allCases))
  }

  func key(_ name: String) -> WorkloadKey { WorkloadKey(namespace: namespace, name: name) }

  /// A provider that reaches the cluster by another way, and waits for no more than a moment before it asks again.
  func provider(through access: ClusterAccess) -> KubernetesProvider {
    var policy = RetryPolicy()
    policy.sleep = { _ in try await Task.sleep(for: .milliseconds(20)) }
    let impatient = policy
    return KubernetesProvider(
      connection: ClusterConnection {
        try await KubernetesClient.connect(
          to: access, programs: .refused(because: "it is a test"), policy: impatient)
      }, store: provider.store, allowed: Set(Permission.allCases))
  }

  /// A provider of the same cluster and history, for a target that says something else.
  func provider(_ change: (inout KubernetesTarget) -> Void) -> KubernetesProvider {
    var target = KubernetesTarget()
    change(&target)
    return KubernetesProvider(
      connection: connection, store: provider.store, target: target, allowed: Set(Permission.allCases))
  }

  /// What is there of berth's in the namespace, but for claims: `Deployment shop`.
  func leftovers() async throws -> [String] {
    let client = try await connection.client()
    let types: [ResourceType] = [
      .deployments, .statefulSets, .replicaSets, .pods, .services, .configMaps, .secrets, .jobs,
    ]
    var found: [String] = []
    for type in types {
      let list = try await client.objects(type).list(
        in: namespace, Selection(labels: "\(Mark.managedBy)=\(Mark.berth)"))
      found += list.items.map { "\($0.kind) \($0.name)" }
    }
    return found.sorted()
  }

  func end() async throws {
    let client = try await connection.client()
    _ = try await ifFound { try await client.objects(.namespaces).delete(namespace) }
  }
}

extension Service {
  /// A service that runs until it is stopped, at once when it is asked to.
  static func idle(
    _ name: String, saying text: String = "ready", _ change: (inout Service) -> Void = { _ in }
  )
    -> Service
  {
    shell(name, "\(trap); echo \(text); \(forever)", change)
  }

  /// Has a shell end when it is asked to, with a code by which an end by force is known.
  static let trap = "trap 'exit 0' TERM; trap 'exit 9' USR1"
  /// Waits for ever, and hears signals.
  static let forever = "while :; do sleep 3600 & wait $!; done"

  /// A service that runs a shell script in the cluster's own image.
  static func shell(
    _ name: String, _ script: String, role: Role = .main, _ change: (inout Service) -> Void = { _ in }
  ) -> Service {
    var service = Service()
    service.name = name
    service.role = role
    service.image = RealCluster.image
    service.pullPolicy = .never
    service.command = ["/bin/sh", "-c", script]
    service.stopGrace = .seconds(2)
    change(&service)
    return service
  }
}
