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

/// A workload `shop` in a namespace of the cluster, applied as the program does, and touched as other clients do.
struct ShopScene {
  let world: ClusterWorld
  /// What the workload is called.
  var name = "shop"
  var key: WorkloadKey { world.key(name) }

  /// Runs something with a scene whose namespace is deleted afterwards.
  static func run(_ body: (ShopScene) async throws -> Void) async throws {
    try await TestCluster.withWorld { try await body(ShopScene(world: $0)) }
  }

  private struct FixedSecret: SecretResolver {
    func value(of key: String, in namespace: String) async throws -> SecretValue? {
      SecretValue(bytes: Array("planted".utf8))
    }
  }

  /// The workload, with one service that runs until it is stopped.
  static func workload(
    replicas: Int? = 1, _ change: (inout Service) -> Void = { _ in }
  ) -> Workload {
    var workload = Workload.of(.idle("api") { change(&$0) })
    (workload.name, workload.replicas) = ("shop", replicas)
    return workload
  }

  // MARK: As berth

  func request(_ goal: Goal, takesOwnership: Bool = false, adopts: Bool = false) -> WorkloadRequest {
    var request = WorkloadRequest(key: key, goal: goal)
    request.takesOwnership = takesOwnership
    if adopts { request.adoption = AdoptionRequest() }
    return request
  }

  private func engine(_ timeout: Duration, _ provider: KubernetesProvider?) -> Engine {
    Engine(
      provider: provider ?? world.provider, target: "kube", options: EngineOptions(timeout: timeout),
      secrets: SecretResolvers([FixedSecret()]))
  }

  /// What becomes of a goal, be it good or not.
  func result(
    of goal: Goal, takesOwnership: Bool = false, adopts: Bool = false, timeout: Duration = .seconds(120),
    by provider: KubernetesProvider? = nil, events: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) async throws -> RunResult {
    try await engine(timeout, provider).apply(
      request(goal, takesOwnership: takesOwnership, adopts: adopts), events: events)
  }

  @discardableResult
  func perform(
    _ goal: Goal, takesOwnership: Bool = false, adopts: Bool = false, by provider: KubernetesProvider? = nil
  ) async throws -> RunResult {
    let result = try await result(of: goal, takesOwnership: takesOwnership, adopts: adopts, by: provider)
    #expect(result.failures.map(\.message) == [])
    return result
  }

  @discardableResult
  func apply(
    _ workload: Workload, takesOwnership: Bool = false, adopts: Bool = false,
    by provider: KubernetesProvider? = nil
  ) async throws -> RunResult {
    try await perform(
      .spec(workload, services: nil), takesOwnership: takesOwnership, adopts: adopts, by: provider)
  }

  func plan(_ goal: Goal, adopts: Bool = false) async throws -> Plan {
    try await EngineReader(
      reader: world.provider, target: "kube", secrets: SecretResolvers([FixedSecret()])
    ).plan(request(goal, adopts: adopts))
  }

  func plan(_ workload: Workload, adopts: Bool = false) async throws -> Plan {
    try await plan(.spec(workload, services: nil), adopts: adopts)
  }

  // MARK: As another client

  /// Changes an object as `kubectl` would.
  @discardableResult
  func patch(
    _ fields: JSON, of type: ResourceType = .deployments, as manager: String = "kubectl-patch"
  ) async throws -> KubernetesObject {
    try await world.connection.client().objects(type).patch(
      name, in: world.namespace, .strategic(fields), WriteOptions(fieldManager: manager))
  }

  func delete(
    _ type: ResourceType, _ name: String, _ deletion: Deletion = Deletion()
  ) async throws {
    _ = try await world.connection.client().objects(type).delete(name, in: world.namespace, deletion)
  }

  func object(_ type: ResourceType = .deployments, _ name: String? = nil) async throws -> KubernetesObject {
    try await world.connection.client().objects(type).get(name ?? self.name, in: world.namespace)
  }

  /// The pods that do not go.
  func pods() async throws -> Set<String> {
    let client = try await world.connection.client()
    return Set(
      try await client.objects(.pods).list(in: world.namespace).items.filter { !$0.isBeingDeleted }.map(\.uid)
    )
  }

  /// The names of objects of a type that hold config or secrets.
  func config(_ type: ResourceType) async throws -> [String] {
    let client = try await world.connection.client()
    return try await client.objects(type).list(
      in: world.namespace, Selection(labels: "\(Mark.part)=\(Part.config.rawValue)")
    ).items.map(\.name)
  }

  /// The variables of the first container of the Deployment.
  func variable(_ name: String) async throws -> String? {
    let containers = try await object().json.at("spec", "template", "spec", "containers")?.array
    return containers?.first?["env"]?.element(named: name)?["value"]?.string
  }
}
