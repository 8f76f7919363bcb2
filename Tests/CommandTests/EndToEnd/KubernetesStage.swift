import Foundation
import KubernetesAPI
import KubernetesTestSupport
import Planning
import Testing
import Values

private let variables = ProcessInfo.processInfo.environment
private let kubeconfig = variables["BERTH_TEST_KUBECONFIG"]
private let hasNode = kubeconfig != nil && variables["BERTH_TEST_KUBERNETES_MODE"] != "control-plane"

/// A namespace of its own on the test cluster, and a folder whose berth.yaml leads there. Where the cluster has no node, pods
/// are played, so that they are placed and become ready, and nothing runs in them.
final class KubernetesStage: Stage, EndedStage, Sendable {
  /// Whether there is a test cluster.
  static var isThere: some SuiteTrait & TestTrait {
    .enabled(
      if: kubeconfig != nil,
      "needs a Kubernetes cluster: set BERTH_TEST_KUBECONFIG (see scripts/kubernetes)")
  }

  /// Whether there is one whose pods run.
  static var runsPods: some SuiteTrait & TestTrait {
    .enabled(
      if: hasNode,
      "needs a Kubernetes cluster with a node: set BERTH_TEST_KUBECONFIG (see scripts/kubernetes)")
  }

  /// The image that `scripts/kubernetes` makes.
  let image = "busybox:local"
  let unit = UnitOfChange.workload
  /// It has no metrics API.
  let measuresUsage = false
  let namespace = "berth-test-" + String(UInt32.random(in: .min ... .max), radix: 36)
  nonisolated(unsafe) let sandbox: Sandbox
  let client: KubernetesClient
  private let tap: ClusterTap?
  private let player: PodPlayer?

  /// - Parameter judge: what becomes of what the program asks; without it, the program asks the cluster directly.
  init(judging judge: (@Sendable (_ request: String) -> ClusterTap.Verdict)? = nil) async throws {
    var path = kubeconfig ?? ""
    let access = try ClusterAccess.resolve(kubeconfig: path, environment: [:], workingDirectory: "/")
    client = try await KubernetesClient.connect(to: access, programs: .refused(because: "it is a test"))
    let sandbox = try Sandbox()
    self.sandbox = sandbox
    if let judge {
      let tap = try await ClusterTap.start(to: access, judge)
      path = try sandbox.write("kubeconfig", tap.kubeconfig)
      self.tap = tap
    } else {
      tap = nil
    }
    player = hasNode ? nil : try await PodPlayer.start(in: namespace, of: access)
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
    await player?.stop()
    tap?.stop()
  }

  // MARK: Commands

  var place: [String] { ["-n", namespace] }

  /// Runs berth in the namespace.
  func berth(_ arguments: [String]) throws -> Sandbox.Result {
    try sandbox.berth([arguments[0]] + place + arguments.dropFirst())
  }

  /// The names of a workload's instances, in the order in which `status` tells them.
  func instances(of workload: String) throws -> [String] {
    let status = try berth(["status", workload, "--format", "json"])
    return (try status.json["instances"]?.list ?? []).compactMap { $0["id"]?.string }
  }

  // MARK: The cluster

  private static let deployments = ResourceType(group: "apps", plural: "deployments", kind: "Deployment")
  private static let kinds = [
    deployments, ResourceType(group: "apps", plural: "statefulsets", kind: "StatefulSet"),
    ResourceType(group: "batch", plural: "jobs", kind: "Job"), .pods, .configMaps,
    ResourceType(plural: "services", kind: "Service"), ResourceType(plural: "secrets", kind: "Secret"),
    ResourceType(plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim"),
  ]

  /// What there is of berth's in the namespace, but for the history.
  func objects() async throws -> [KubernetesObject] {
    var found: [KubernetesObject] = []
    for type in Self.kinds {
      let list = try await client.objects(type).list(
        in: namespace, Selection(labels: "app.kubernetes.io/managed-by=berth"))
      found += list.items.filter { !Self.history.contains($0.labels["berth/part"] ?? "") }
    }
    return found
  }

  /// The names of it: `Deployment web`.
  func things() async throws -> [String] { try await objects().map { "\($0.kind) \($0.name)" }.sorted() }

  /// What the objects of the history are to berth.
  private static let history: Set = ["head", "record", "key"]

  /// Takes it out of the controller's template, and so out of each instance.
  func breakByHand(_ service: String, of workload: String) async throws {
    let gone: JSON = ["name": .string(service), "$patch": "delete"]
    _ = try await client.objects(Self.deployments).patch(
      workload, in: namespace, .strategic(["spec": ["template": ["spec": ["containers": [gone]]]]]),
      WriteOptions(fieldManager: "kubectl-edit"))
  }
}
