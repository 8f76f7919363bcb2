import Values
import Wire

/// What kubeconfig files say, merged as `kubectl` merges them.
package struct Kubeconfig: Sendable, Equatable {
  /// The files that were read, in order.
  package internal(set) var files: [String] = []
  /// The context that is meant where none is named.
  package internal(set) var currentContext: String?
  /// The contexts, by their names.
  package internal(set) var contexts: [String: Context] = [:]
  var clusters: [String: Cluster] = [:]
  var users: [String: User] = [:]

  /// A pair of a cluster and a user.
  package struct Context: Sendable, Equatable {
    /// The name of the cluster.
    package var cluster: String
    /// The name of the user; empty if there is none.
    package var user: String
    /// The namespace that is meant where none is named.
    package var namespace: String?
    /// Where it is written: `FILE:LINE`.
    var place: String
  }

  struct Cluster: Sendable, Equatable {
    var server: String
    var serverName: String?
    var verifies: Bool
    var authorities: KeyMaterial?
    var proxy: String?
    /// What exec plugins are told.
    var pluginConfig: JSON?
    var place: String
  }

  struct User: Sendable, Equatable {
    var user: ClusterUser
    /// Whether the plugin is to be told of the cluster.
    var pluginWantsCluster: Bool
    /// What can't be used in it.
    var refusal: Refusal?
    var place: String

    struct Refusal: Sendable, Equatable {
      let message: String
      let help: String
    }
  }

  /// Adds what a further file says. What an earlier file has said of a cluster, a context, a user or the
  /// current context stands as it is.
  mutating func merge(_ later: Kubeconfig) {
    files += later.files
    currentContext = currentContext ?? later.currentContext
    contexts.merge(later.contexts) { earlier, _ in earlier }
    clusters.merge(later.clusters) { earlier, _ in earlier }
    users.merge(later.users) { earlier, _ in earlier }
  }

  // MARK: Access

  /// What a context comes to.
  ///
  /// - Parameter name: the name of the context; `nil` means the current one.
  /// - Throws: ``KubernetesError`` if there is no such context, or something in it is missing or can't be
  ///   used.
  package func access(context name: String? = nil) throws -> ClusterAccess {
    guard let name = name ?? currentContext else {
      throw KubernetesError(
        "\(shownFiles): no current context is set",
        help: contexts.isEmpty
          ? "there are no contexts at all: get the cluster's kubeconfig, and name it by KUBECONFIG or the "
            + "target's kubeconfig"
          : "name one by the target's context, or set it: kubectl config use-context NAME; "
            + "there \(listed(contexts.keys))"
      )
    }
    guard let context = contexts[name] else {
      throw KubernetesError(
        "\(shownFiles): there is no context \"\(name)\"",
        help: contexts.isEmpty ? "there are no contexts at all" : "there \(listed(contexts.keys))")
    }
    guard let cluster = clusters[context.cluster] else {
      throw KubernetesError(
        "\(context.place): the context \"\(name)\" names the cluster \"\(context.cluster)\", "
          + "which is missing",
        help: clusters.isEmpty
          ? "add the cluster, or name the file that has it in KUBECONFIG"
          : "mend its name, or name the file that has it in KUBECONFIG; there \(listed(clusters.keys))")
    }
    var found: User?
    if !context.user.isEmpty {
      guard let user = users[context.user] else {
        throw KubernetesError(
          "\(context.place): the context \"\(name)\" names the user \"\(context.user)\", who is missing",
          help: users.isEmpty
            ? "add the user, or name the file that has the user in KUBECONFIG"
            : "mend the name, or name the file that has the user in KUBECONFIG; there \(listed(users.keys))")
      }
      if let refusal = user.refusal {
        throw KubernetesError(
          "\(user.place): the user \"\(context.user)\" \(refusal.message)", help: refusal.help)
      }
      found = user
    }
    var access = ClusterAccess(
      server: try cluster.address(cluster.server, key: "server", schemes: [.https, .http]),
      trust: ServerTrust(
        authorities: cluster.authorities, serverName: cluster.serverName, verifies: cluster.verifies),
      proxy: try cluster.proxy.map { try cluster.address($0, key: "proxy-url", schemes: [.http, .socks5]) },
      user: found?.user ?? ClusterUser(name: ""), namespace: context.namespace ?? "default",
      source: "context \(name) of \(shownFiles)")
    if found?.pluginWantsCluster == true { access.user.plugin?.cluster = try cluster.pluginInfo() }
    return access
  }

  private var shownFiles: String { files.isEmpty ? "the kubeconfig" : files.joined(separator: ", ") }

  private func listed(_ names: some Collection<String>) -> String {
    let shown = names.sorted().prefix(20)
    let more = names.count - shown.count
    return (names.count == 1 ? "is " : "are ") + shown.joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }
}

extension Kubeconfig.Cluster {
  fileprivate func address(
    _ text: String, key: String, schemes: [ServerAddress.Scheme]
  ) throws -> ServerAddress {
    do throws(ServerAddress.Failure) {
      return try ServerAddress(text, schemes: schemes)
    } catch {
      throw KubernetesError(
        "\(place): the \(key) \"\(ServerAddress.withoutLogin(text))\" can't be used: \(error.message)",
        help: key == "server"
          ? "write it like https://cluster.example.com:6443"
          : "write it like http://proxy.example.com:3128 or socks5://127.0.0.1:1080")
    }
  }
}
