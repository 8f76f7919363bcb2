import KubernetesAPI
import ProviderKit
import WorkloadSpec

/// What a target of a Kubernetes cluster may say in berth.yaml, besides what every target may say.
public struct KubernetesTarget: SpecObject {
  /// The file that names clusters, users and contexts.
  public var kubeconfig: String?
  /// The context within it.
  public var context: String?
  /// Whether a namespace that is not there is made by an apply.
  public var createNamespace = false
  /// The storage class of claims of volumes that name none.
  public var storageClass: String?

  /// The cluster that kubectl means, too.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<KubernetesTarget>(
    "kubernetes target",
    "A Kubernetes cluster. Without `kubeconfig` and `context` it is found as kubectl finds it.",
    synonyms: ["config": "kubeconfig", "create_namespace": "createNamespace"],
    fields: [
      Field(
        "kubeconfig", \.kubeconfig, "the file that names clusters, users and contexts", rules: [.notEmpty]),
      Field("context", \.context, "the context that names the cluster and who asks", rules: [.notEmpty]),
      Field(
        "createNamespace", \.createNamespace,
        "whether `apply` makes the namespace where the cluster has none of that name"),
      Field(
        "storageClass", \.storageClass,
        "the storage class of volumes that name none; without it, the cluster's own",
        rules: [.notEmpty]),
    ])
}
