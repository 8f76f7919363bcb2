import Foundation
import KubernetesAPI
import Testing
import Values

private let variables = ProcessInfo.processInfo.environment
private let kubeconfig = variables["BERTH_TEST_KUBECONFIG"]

/// A namespace of its own on the test cluster, and a folder whose berth.yaml leads there.
final class KubernetesStage: EndedStage, Sendable {
  /// Whether there is a test cluster that runs pods.
  static var isThere: some SuiteTrait & TestTrait {
    .enabled(
      if: kubeconfig != nil && variables["BERTH_TEST_KUBERNETES_MODE"] != "control-plane",
      "needs a Kubernetes cluster with a node: set BERTH_TEST_KUBECONFIG (see scripts/kubernetes)")
  }

  /// The image that `scripts/kubernetes` makes.
  static let image = "busybox:local"

  let namespace = "berth-test-" + String(UInt32.random(in: .min ... .max), radix: 36)
  nonisolated(unsafe) let sandbox: Sandbox
  let client: KubernetesClient

  init() async throws {
    let path = kubeconfig ?? ""
    client = try await KubernetesClient.connect(
      to: ClusterAccess.resolve(kubeconfig: path, environment: [:], workingDirectory: "/"),
      programs: .refused(because: "it is a test"))
    sandbox = try Sandbox()
    // What leads to another machine has to be given, and not only found.
    sandbox.environment["BERTH_CONFIG"] = sandbox.folder + "/berth.yaml"
    try sandbox.write(
      "berth.yaml",
      "default: cluster\ntargets:\n  cluster: {provider: kubernetes, kubeconfig: \"\(path)\", createNamespace: true}\n"
    )
  }

  func end() async throws {
    do {
      _ = try await client.objects(.namespaces).delete(namespace)
    } catch let error as KubernetesError where error.isNotFound {
      // Nothing was applied.
    }
  }

  /// Runs berth in the namespace.
  func berth(_ arguments: [String]) throws -> Sandbox.Result {
    try sandbox.berth([arguments[0], "-n", namespace] + arguments.dropFirst())
  }

  /// The names of a workload's instances, in the order in which `status` tells them.
  func instances(of workload: String) throws -> [String] {
    let status = try berth(["status", workload, "--format", "json"])
    return (try status.json["instances"]?.list ?? []).compactMap { $0["id"]?.string }
  }

  /// What there is of berth's in the namespace, but for the history: `Deployment web`.
  func things() async throws -> [String] {
    let types = [
      ResourceType(group: "apps", plural: "deployments", kind: "Deployment"),
      ResourceType(group: "apps", plural: "statefulsets", kind: "StatefulSet"),
      ResourceType(group: "batch", plural: "jobs", kind: "Job"), .pods, .configMaps,
      ResourceType(plural: "services", kind: "Service"), ResourceType(plural: "secrets", kind: "Secret"),
      ResourceType(plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim"),
    ]
    var found: [String] = []
    for type in types {
      let list = try await client.objects(type).list(
        in: namespace, Selection(labels: "app.kubernetes.io/managed-by=berth"))
      found += list.items.filter { !Self.history.contains($0.labels["berth/part"] ?? "") }.map {
        "\($0.kind) \($0.name)"
      }
    }
    return found.sorted()
  }

  /// What the objects of the history are to berth.
  private static let history: Set = ["head", "record", "key"]
}
