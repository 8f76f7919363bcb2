import KubernetesAPI
import LocalProvider
import ProviderKit

/// An engine on which many people apply the same workloads.
protocol SharedStage {
  /// What it is called in what tests print.
  var name: String { get }
  /// The folder whose commands go to the engine.
  var sandbox: Sandbox { get }
  /// The arguments that name the namespace.
  var place: [String] { get }
  /// The namespace.
  var namespace: String { get }
  /// What a service says in YAML of the image that it is made from, and a comma; nothing if the engine runs none.
  var source: String { get }
  /// The history of the workloads.
  var records: any ReleaseReader { get }
  /// What runs now, as the engine tells and not as berth does.
  func services() async throws -> [SoakService]
}

extension LocalSoakStage: SharedStage {
  var name: String { "processes" }
  var namespace: String { "default" }
  var source: String { "" }
  var records: any ReleaseReader { LocalStore(path: sandbox.home + "/local/berth.db") }
}

extension KubernetesStage: SharedStage {
  var name: String { "a cluster" }
  var source: String { "image: '\(image)', " }
  var records: any ReleaseReader { history }

  func services() async throws -> [SoakService] {
    let pods = try await client.objects(.pods).list(
      in: namespace, Selection(labels: "app.kubernetes.io/managed-by=berth"))
    return pods.items.flatMap { pod in
      (pod.json.at("spec", "containers")?.array ?? []).map { container in
        SoakService(
          id: pod.uid, workload: pod.labels["berth/workload"] ?? "",
          service: container["name"]?.string ?? "",
          version: container["env"]?.array?.first { $0["name"] == "VERSION" }?["value"]?.string)
      }
    }
  }
}
