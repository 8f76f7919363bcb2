import Foundation
import Testing

@testable import KubernetesAPI

/// The cluster that tests run against, if the kubeconfig of one is named by BERTH_TEST_KUBECONFIG:
/// `scripts/kubernetes start` starts one and prints what to set; `scripts/kubernetes run` runs the tests within its network.
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

  static func access() throws -> ClusterAccess {
    let path: String = try #require(kubeconfig)
    return try ClusterAccess.resolve(kubeconfig: path, environment: [:], workingDirectory: "/")
  }

  static func connect() async throws -> KubernetesClient {
    try await KubernetesClient.connect(to: access(), programs: .refused(because: "it is a test"))
  }

  /// A name that no other test has.
  static func newName() -> String { "kstore-\(UUID().uuidString.lowercased().prefix(13))" }

  /// Deletes a namespace, if it is there.
  static func delete(_ namespace: String, on cluster: KubernetesClient) async {
    _ = try? await cluster.objects(.namespaces).delete(namespace)
  }

  /// Runs something with a namespace that is deleted afterwards.
  static func withNamespace(_ body: (KubernetesClient, String) async throws -> Void) async throws {
    let cluster = try await connect()
    let name = newName()
    _ = try await cluster.objects(.namespaces).create(KubernetesObject(.namespaces, name: name), options)
    do { try await body(cluster, name) } catch {
      await delete(name, on: cluster)
      throw error
    }
    await delete(name, on: cluster)
  }
}
