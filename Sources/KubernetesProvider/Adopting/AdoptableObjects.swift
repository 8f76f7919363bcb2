import KubernetesAPI
import Planning
import Values
import WorkloadSpec

/// What another client made on the names of a workload, and that could become the workload's.
struct AdoptableObjects: Sendable {
  /// The Deployment or StatefulSet.
  let controller: KubernetesObject
  /// Its pods.
  let pods: [KubernetesObject]
  /// The Service of the workload's name, where the spec has ports.
  let services: [KubernetesObject]
  /// The claims that a StatefulSet has made of its templates.
  let claims: [KubernetesObject]
  /// The disruption budget of the workload's name, where the spec has one.
  let budgets: [KubernetesObject]
  /// Whether the Service leads to pods of other controllers, too.
  var servesOthers = false

  /// Looks for it.
  ///
  /// - Returns: `nil` if there is no controller of the workload's kind and name that another client made.
  static func find(
    _ workload: Workload, as key: WorkloadKey, on client: KubernetesClient, budgets: ResourceType
  ) async throws -> AdoptableObjects? {
    let names = ObjectNames(key: key)
    let type: ResourceType = workload.kind.hasStableInstances ? .statefulSets : .deployments
    guard let controller = try await foreign(type, names.controller(1), key, client) else { return nil }
    // What the spec does not make stays another client's.
    let hasPorts = workload.services.contains { !$0.ports.isEmpty }
    let budget = workload.on[KubernetesWorkload.self].budget
    let hasBudget = budget.minAvailable != nil || budget.maxUnavailable != nil
    async let service = hasPorts ? foreign(.services, names.service, key, client) : nil
    async let ownBudget = hasBudget ? foreign(budgets, names.budget, key, client) : nil
    async let pods = client.objects(.pods).list(
      in: key.namespace, Selection(labels: controller.podSelection)
    ).items
    async let claims =
      controller.kind == ResourceType.statefulSets.kind
      ? client.objects(.claims).list(in: key.namespace).items : []
    let prefixes = controller.claimTemplateNames.map { "\($0)-\(controller.name)-" }
    let services = try await [service].compactMap(\.self)
    return AdoptableObjects(
      controller: controller, pods: try await pods.filter { $0.isMade(by: controller) },
      services: services,
      claims: try await claims.filter { claim in
        !claim.isOurs(as: key)
          && prefixes.contains {
            claim.name.hasPrefix($0) && Int(claim.name.dropFirst($0.count)) != nil
          }
      }, budgets: try await [ownBudget].compactMap(\.self),
      servesOthers: try await servesOthers(services.first, controller, client))
  }

  private static func servesOthers(
    _ service: KubernetesObject?, _ controller: KubernetesObject, _ client: KubernetesClient
  ) async throws -> Bool {
    guard let selector = service?.json.at("spec", "selector")?.strings, !selector.isEmpty else {
      return false
    }
    return try await client.objects(.pods).list(
      in: controller.namespace, Selection(labels: KubernetesObject.selection(of: selector))
    ).items.contains { !$0.isMade(by: controller) && !$0.isLeftBehind && !$0.isBeingDeleted }
  }

  /// An object of a name that berth did not make.
  private static func foreign(
    _ type: ResourceType, _ name: String, _ key: WorkloadKey, _ client: KubernetesClient
  ) async throws -> KubernetesObject? {
    let found = try await ifFound { try await client.objects(type).get(name, in: key.namespace) }
    return found.flatMap { $0.isOurs(as: key) ? nil : $0 }
  }

  /// What the objects belong to: a release of Helm, or the client that wrote the controller.
  var origin: String {
    controller.annotations["meta.helm.sh/release-name"] ?? controller.labels["app.kubernetes.io/instance"]
      ?? controller.managers.first {
        $0.fields["f:spec"] != nil && $0.subresource.isEmpty && $0.name != Mark.berth
      }?.name ?? "another client"
  }
}

extension KubernetesObject {
  /// The labels by which a controller selects its pods, as a list is asked for them.
  var podSelection: String {
    Self.selection(of: json.at("spec", "selector", "matchLabels")?.strings ?? [:])
  }

  fileprivate static func selection(of labels: [String: String]) -> String {
    labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  }

  /// What a StatefulSet calls its templates of claims.
  var claimTemplateNames: [String] {
    (json.at("spec", "volumeClaimTemplates")?.array ?? []).compactMap { $0.at("metadata", "name")?.string }
  }

  /// Whether a controller, or a ReplicaSet of its, made a pod.
  func isMade(by controller: KubernetesObject) -> Bool {
    (metadata["ownerReferences"]?.array ?? []).contains { owner in
      guard owner["controller"]?.bool == true else { return false }
      if owner["uid"]?.string == controller.uid { return true }
      // A ReplicaSet is called by its Deployment and the hash of its template, which its pods carry.
      return owner["kind"]?.string == "ReplicaSet"
        && owner["name"]?.string == "\(controller.name)-\(labels[Self.templateHash] ?? "")"
    }
  }

  /// The label by which pods and their ReplicaSet belong together.
  static let templateHash = "pod-template-hash"
}
