import UserFiles
import Wire

/// What the cluster gives a pod to ask it with.
struct PodServiceAccount {
  /// Where it is, in each container of a pod.
  static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

  let folder: String

  /// The access; `nil` if the program does not run in a pod.
  ///
  /// - Throws: ``KubernetesError`` if it does, and was given no token.
  func access(environment: [String: String]) throws -> ClusterAccess? {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
      let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
    else { return nil }
    let source = "the service account of this pod"
    guard try text("token") != nil else {
      throw KubernetesError(
        "\(folder)/token is missing: this pod is given no token of its service account",
        help: "set automountServiceAccountToken of the pod, or name a kubeconfig by KUBECONFIG")
    }
    let authority = "\(folder)/ca.crt"
    let shown = host.contains(":") ? "[\(host)]" : host
    do throws(ServerAddress.Failure) {
      return ClusterAccess(
        server: try ServerAddress("https://\(shown):\(port)", schemes: [.https]),
        trust: ServerTrust(authorities: .file(authority)),
        user: ClusterUser(name: source, tokenFile: "\(folder)/token"),
        namespace: (try? text("namespace")) ?? "default", source: source)
    } catch {
      throw KubernetesError(
        "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT name no server: \(error.message)",
        help: "the cluster sets them in each container of a pod: leave them as they are")
    }
  }

  private func text(_ name: String) throws -> String? {
    do {
      let bytes = try UserFile.bytes(of: "\(folder)/\(name)", atMost: 1 << 20)
      let text = String(decoding: bytes, as: UTF8.self).trimmed
      return text.isEmpty ? nil : text
    } catch {
      if error.isMissing { return nil }
      throw KubernetesError(error.message, help: error.help)
    }
  }
}
