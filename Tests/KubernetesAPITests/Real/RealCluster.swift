import Foundation
import Testing

@testable import KubernetesAPI

/// The cluster that tests run against, if the kubeconfig of one is named by BERTH_TEST_KUBECONFIG:
/// `scripts/kubernetes start` starts one and prints what to set; `scripts/kubernetes run` runs the tests
/// within its network.
enum RealCluster {
  static let kubeconfig = ProcessInfo.processInfo.environment["BERTH_TEST_KUBECONFIG"]
  static let isThere = kubeconfig != nil
  static let skipped: Comment = "BERTH_TEST_KUBECONFIG names no cluster (see scripts/kubernetes)"
  /// Whether pods run there.
  static let hasNode =
    isThere && ProcessInfo.processInfo.environment["BERTH_TEST_KUBERNETES_MODE"] != "control-plane"
  static let options = WriteOptions(fieldManager: "berth-test")
  /// The image that `scripts/kubernetes` makes.
  static let image = "busybox:local"

  static func connect() async throws -> KubernetesClient {
    let path: String = try #require(kubeconfig)
    let access = try ClusterAccess.resolve(kubeconfig: path, environment: [:], workingDirectory: "/")
    return try await KubernetesClient.connect(to: access, programs: .refused(because: "it is a test"))
  }

  /// Runs something with a namespace that is deleted afterwards.
  static func withNamespace(_ body: (KubernetesClient, String) async throws -> Void) async throws {
    let cluster = try await connect()
    let name = "berth-test-\(UUID().uuidString.lowercased().prefix(13))"
    let namespaces = cluster.objects(.namespaces)
    let made = try await namespaces.create(KubernetesObject(.namespaces, name: name), options)
    do {
      try await body(cluster, name)
    } catch {
      _ = try? await namespaces.delete(name, Deletion(uid: made.uid))
      throw error
    }
    try await namespaces.delete(name, Deletion(uid: made.uid))
  }

  /// Runs a pod until the body ends.
  static func withPod(_ script: String, _ body: (KubernetesClient, String) async throws -> Void) async throws
  {
    try await withNamespace { cluster, namespace in
      var pod = KubernetesObject(.pods, name: "pod", namespace: namespace)
      pod["spec"] = [
        "terminationGracePeriodSeconds": 0, "restartPolicy": "Never", "automountServiceAccountToken": false,
        "containers": [
          [
            "name": "main", "image": .string(image), "imagePullPolicy": "Never",
            "command": ["sh", "-c", .string(script)],
          ]
        ],
      ]
      let made = try await create(pod, in: cluster)
      let selection = Selection(fields: "metadata.name=pod")
      for try await event in cluster.objects(.pods).watch(
        in: namespace, selection, from: made.resourceVersion)
      {
        guard case .modified(let pod) = event else { continue }
        let phase = pod.json.at("status", "phase")?.string
        if phase == "Running" || phase == "Succeeded" { break }
        if phase == "Failed" { throw KubernetesError("the pod failed: \(pod.json.text)") }
      }
      try await body(cluster, namespace)
    }
  }

  /// The service account of a new namespace comes a moment after it.
  private static func create(
    _ pod: KubernetesObject, in cluster: KubernetesClient
  ) async throws -> KubernetesObject {
    let accounts = ResourceType(plural: "serviceaccounts", kind: "ServiceAccount")
    for try await event in cluster.objects(accounts).watch(in: pod.namespace) {
      switch event {
      case .listed(let list) where list.items.contains { $0.name == "default" }: break
      case .added(let account) where account.name == "default": break
      default: continue
      }
      break
    }
    return try await cluster.objects(.pods).create(pod, options)
  }
}
