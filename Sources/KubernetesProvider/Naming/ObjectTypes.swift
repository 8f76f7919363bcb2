import KubernetesAPI
import ProviderKit

/// The kinds of objects that a workload becomes.
extension ResourceType {
  static let deployments = ResourceType(group: "apps", plural: "deployments", kind: "Deployment")
  static let statefulSets = ResourceType(group: "apps", plural: "statefulsets", kind: "StatefulSet")
  static let services = ResourceType(plural: "services", kind: "Service")
  static let secrets = ResourceType(plural: "secrets", kind: "Secret")
  static let claims = ResourceType(plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim")
  static let storageClasses = ResourceType(
    group: "storage.k8s.io", plural: "storageclasses", kind: "StorageClass", isNamespaced: false)
  static let jobs = ResourceType(group: "batch", plural: "jobs", kind: "Job")

  /// Disruption budgets, in the version that the server has.
  static func budgets(on facts: EngineFacts) -> ResourceType {
    facts.has(.policyV1) ? newBudgets : oldBudgets
  }

  /// Disruption budgets, as servers from 1.21 on have them.
  static let newBudgets = budgets(in: "v1")
  /// Disruption budgets, as servers before 1.25 have them.
  static let oldBudgets = budgets(in: "v1beta1")

  private static func budgets(in version: String) -> ResourceType {
    ResourceType(
      group: "policy", version: version, plural: "poddisruptionbudgets", kind: "PodDisruptionBudget")
  }
}

extension KubernetesObject {
  /// The metadata of an object, which alone was asked for, as an object of its type.
  func named(as type: ResourceType) -> KubernetesObject {
    var object = KubernetesObject(type, name: name, namespace: namespace)
    object.metadata = metadata
    return object
  }
}
