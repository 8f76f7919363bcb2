import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Secrets
import TestSupport
import Testing
import WorkloadSpec

@testable import KubernetesAPI
@testable import KubernetesProvider

/// Plans and applies with exactly the Roles that docs/kubernetes.md states, each as a service account that has nothing else.
@Suite(
  "The Roles of the documentation, and whole runs", .serialized,
  .enabled(if: RealCluster.hasNode, RealCluster.skipped))
struct RoleStoryTests {
  /// A namespace with someone who may plan, and someone who may apply.
  private struct World {
    let key: WorkloadKey
    let planner: KubernetesProvider
    let applier: KubernetesProvider

    init(_ namespace: String, by admin: KubernetesClient) async throws {
      key = WorkloadKey(namespace: namespace, name: "shop")
      planner = Self.provider(try await RoleUser.connect("berth-plan", in: namespace, by: admin))
      applier = Self.provider(try await RoleUser.connect("berth-apply", in: namespace, by: admin))
    }

    private static func provider(_ client: KubernetesClient) -> KubernetesProvider {
      KubernetesProvider(
        connection: ClusterConnection { client },
        store: RegisterStore(ClusterRegisters(createsNamespaces: false) { client }))
    }

    func apply(_ goal: Goal) async throws {
      let result = try await Engine(provider: applier, target: "cluster", secrets: OneSecret.resolvers).apply(
        WorkloadRequest(key: key, goal: goal))
      #expect(result.outcome == .succeeded, "\(result.failures)")
    }

    func plan(_ goal: Goal, as provider: KubernetesProvider) async throws -> Plan {
      try await EngineReader(reader: provider, target: "cluster", secrets: OneSecret.resolvers).plan(
        WorkloadRequest(key: key, goal: goal))
    }
  }

  /// Whatever becomes an object of its own is in it.
  private func workload(_ kind: WorkloadKind, _ greeting: String) -> Workload {
    var workload = Workload.of(
      .script("api", "echo $GREETING; exec sleep 600", in: RealCluster.image) {
        $0.env = ["GREETING": greeting]
        var file = ConfigFile()
        file.name = "app"
        file.path = "/etc/shop/app.conf"
        file.content = greeting
        $0.configFiles = [file]
        var port = Port()
        port.container = 8080
        $0.ports = [port]
        var secret = SecretReference()
        secret.key = "shop/token"
        secret.as = "TOKEN"
        $0.secrets = [secret]
        var volume = Volume()
        volume.name = "data"
        volume.mountPath = "/data"
        volume.size = ByteQuantity(bytes: 1 << 20)
        volume.type = .persistent
        $0.volumes = [volume]
      },
      .script("migrate", "echo migrated", in: RealCluster.image, role: .before),
      .script("side", "exec sleep 600", in: RealCluster.image, role: .sidecar))
    workload.kind = kind
    workload.replicas = kind == .statefulSet ? 2 : 1
    workload.on[KubernetesWorkload.self].budget.maxUnavailable = "1"
    return workload
  }

  @Test("a stateful set is planned, applied, changed, rolled back, scaled and destroyed")
  func wholeStory() async throws {
    try await RealCluster.withNamespace { admin, namespace in
      let world = try await World(namespace, by: admin)
      let first = Goal.spec(workload(.statefulSet, "hello"), services: nil)
      let before = try await world.plan(first, as: world.planner)
      #expect(!before.isEmpty)
      #expect(try await world.plan(first, as: world.applier).actions.map(\.id) == before.actions.map(\.id))
      try await world.apply(first)
      #expect(try await world.plan(first, as: world.planner).isEmpty)
      let second = Goal.spec(workload(.statefulSet, "good evening"), services: nil)
      #expect(try await !world.plan(second, as: world.planner).isEmpty)
      try await world.apply(second)
      try await world.apply(.release(1))
      #expect(try await world.planner.history.head(of: world.key).release?.restoredFrom == 1)
      #expect(
        try await EngineReader(reader: world.planner, target: "cluster", secrets: OneSecret.resolvers)
          .drift(of: world.key).isEmpty)
      try await world.apply(.scale(1))
      try await world.apply(.destroy(volumes: true))
      #expect(try await world.planner.history.head(of: world.key).release?.snapshot == nil)
    }
  }

  @Test("a deployment is planned, applied and destroyed")
  func deployment() async throws {
    try await RealCluster.withNamespace { admin, namespace in
      let world = try await World(namespace, by: admin)
      let goal = Goal.spec(workload(.deployment, "hello"), services: nil)
      #expect(try await !world.plan(goal, as: world.planner).isEmpty)
      try await world.apply(goal)
      #expect(try await world.plan(goal, as: world.planner).isEmpty)
      try await world.apply(.destroy(volumes: true))
    }
  }

  @Test("who may plan reads no logs and runs no commands, and the errors name the rights")
  func plannersReadNoLogs() async throws {
    try await RealCluster.withNamespace { admin, namespace in
      let world = try await World(namespace, by: admin)
      try await world.apply(.spec(workload(.deployment, "hello"), services: nil))
      let instance = try #require(try await world.planner.observe(world.key).instances.first).id
      let unread = await #expect(throws: ProviderError.self) {
        for try await _ in world.planner.logs(of: world.key, matching: LogQuery()) {}
      }
      #expect(
        unread?.message.contains("cannot get resource \"pods/log\"") == true, "\(unread?.message ?? "")")
      #expect(unread?.help?.contains("docs/kubernetes.md") == true)
      let nothing = AsyncStream<ProviderKit.ExecInput> { $0.finish() }
      let refused = await #expect(throws: ActionFailure.self) {
        try await world.planner.exec(
          ExecRequest(key: world.key, instance: instance, service: "api", command: ["true"], terminal: nil),
          input: nothing
        ) { _ in }
      }
      #expect(refused?.message.contains("pods/exec") == true, "\(refused?.message ?? "")")
      #expect(refused?.message.contains("docs/kubernetes.md") == true)
      try await world.apply(.destroy(volumes: true))
    }
  }

  @Test("who may plan gets no further with an apply than to the lock, and the error names the right")
  func plannersCannotApply() async throws {
    try await RealCluster.withNamespace { admin, namespace in
      let world = try await World(namespace, by: admin)
      let error = await #expect(throws: DiagnosticError.self) {
        try await Engine(provider: world.planner, target: "cluster", secrets: OneSecret.resolvers).apply(
          WorkloadRequest(key: world.key, goal: .spec(workload(.deployment, "hello"), services: nil)))
      }
      #expect(error?.diagnostics.first?.code == .rightMissing)
      #expect(error?.diagnostics.first?.message.contains("create leases.coordination.k8s.io") == true)
    }
  }
}

/// A secret that every namespace has.
private struct OneSecret: SecretResolver {
  static var resolvers: SecretResolvers { SecretResolvers([OneSecret()]) }

  func value(of key: String, in namespace: String) async throws -> SecretValue? {
    SecretValue(bytes: Array("t0".utf8))
  }
}
