import KubernetesAPI
import ProviderKit

extension ResourceType {
  /// ReplicaSets: the revisions of Deployments.
  static let replicaSets = ResourceType(group: "apps", plural: "replicasets", kind: "ReplicaSet")
  /// ControllerRevisions: those of StatefulSets.
  static let controllerRevisions = ResourceType(
    group: "apps", plural: "controllerrevisions", kind: "ControllerRevision")
  /// Events: what the cluster says of an object.
  static let events = ResourceType(plural: "events", kind: "Event")

  /// The type of an object that berth writes.
  ///
  /// - Throws: `ActionFailure` if it writes none of that kind.
  init(of object: KubernetesObject, on facts: EngineFacts) throws(ActionFailure) {
    let known: [ResourceType] = [
      .deployments, .statefulSets, .services, .configMaps, .secrets, .claims, .jobs, .budgets(on: facts),
    ]
    guard let type = known.first(where: { $0.kind == object.kind }) else {
      throw ActionFailure("berth writes no \(object.kind)")
    }
    self = type
  }
}
