import Planning
import Testing
import Values

@testable import KubernetesAPI
@testable import KubernetesProvider

/// Pods of a workload `shop` as tests make them, without a controller.
struct RealPods {
  let cluster: KubernetesClient
  let namespace: String

  /// The instance that the pod `shop-1` is.
  static let instance = InstanceID(name: "shop-1")!

  static let selection = Selection(labels: "\(Mark.workload)=shop")

  /// Makes a pod.
  ///
  /// - Parameters:
  ///   - scripts: what each of its services runs.
  ///   - restarts: whether a container that ends is started again.
  @discardableResult
  func make(
    _ name: String, _ scripts: [String: String], restarts: Bool = false
  ) async throws -> KubernetesObject {
    var pod = KubernetesObject(.pods, name: name, namespace: namespace)
    pod.metadata["labels"] = .object([JSON.Member(Mark.workload, "shop")])
    pod["spec"] = [
      "terminationGracePeriodSeconds": 0, "restartPolicy": restarts ? "Always" : "Never",
      "automountServiceAccountToken": false,
      "containers": .array(
        scripts.sorted { $0.key < $1.key }.map { service, script in
          [
            "name": .string(service), "image": .string(RealCluster.image), "imagePullPolicy": "Never",
            "command": ["sh", "-c", .string(script)],
          ]
        }),
    ]
    // The service account of a new namespace comes a moment after it.
    while true {
      do { return try await cluster.objects(.pods).create(pod, RealCluster.options) } catch let error
        as KubernetesError
        where error.isForbidden && error.message.contains("serviceaccount")
      {
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  /// Waits until all containers of a pod run, or have ended.
  func started(_ name: String) async throws -> KubernetesObject {
    let selection = Selection(fields: "metadata.name=\(name)")
    for try await event in cluster.objects(.pods).watch(in: namespace, selection) {
      let pods: [KubernetesObject]
      switch event {
      case .listed(let list): pods = list.items
      case .added(let pod), .modified(let pod): pods = [pod]
      case .deleted: throw KubernetesError("the pod is gone")
      }
      for pod in pods
      where ["Running", "Succeeded", "Failed"].contains(pod.json.at("status", "phase")?.string) {
        return pod
      }
    }
    throw CancellationError()
  }

  func delete(_ name: String) async throws {
    try await cluster.objects(.pods).delete(name, in: namespace, Deletion(graceSeconds: 0))
  }
}
