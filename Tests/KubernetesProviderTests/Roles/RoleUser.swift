import Values

@testable import KubernetesAPI

/// A service account of a namespace that has one Role and nothing else.
enum RoleUser {
  private static let accounts = ResourceType(plural: "serviceaccounts", kind: "ServiceAccount")
  private static let secrets = ResourceType(plural: "secrets", kind: "Secret")
  private static let roles = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "roles", kind: "Role")
  private static let bindings = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "rolebindings", kind: "RoleBinding")

  /// Makes the account with the rules of a Role of the documentation, and connects as it.
  static func connect(
    _ role: String, in namespace: String, by admin: KubernetesClient
  ) async throws -> KubernetesClient {
    var account = KubernetesObject(roles, name: role, namespace: namespace)
    account["rules"] = try DocumentedRoles.rules(of: role)
    _ = try await admin.objects(roles).create(account, RealCluster.options)
    _ = try await admin.objects(accounts).create(
      KubernetesObject(accounts, name: role, namespace: namespace), RealCluster.options)
    var binding = KubernetesObject(bindings, name: role, namespace: namespace)
    binding["subjects"] = [
      ["kind": "ServiceAccount", "name": .string(role), "namespace": .string(namespace)]
    ]
    binding["roleRef"] = [
      "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": .string(role),
    ]
    _ = try await admin.objects(bindings).create(binding, RealCluster.options)
    var access = try RealCluster.access()
    access.user = ClusterUser(name: role, token: try await token(of: role, in: namespace, by: admin))
    let client = try await KubernetesClient.connect(
      to: access, programs: .refused(because: "it is a test"))
    // The server hears of a new binding a moment later.
    let question = AccessQuestion("list", .configMaps, in: namespace)
    while try await !client.server.allows(question).isAllowed { try await Task.sleep(for: .milliseconds(50)) }
    return client
  }

  /// A controller makes it a moment after the account.
  private static func token(
    of account: String, in namespace: String, by admin: KubernetesClient
  ) async throws -> String {
    while true {
      let name = try await admin.objects(accounts).get(account, in: namespace)["secrets"]?.array?.first?[
        "name"]?
        .string
      if let name {
        let secret = try await admin.objects(secrets).get(name, in: namespace)
        if let token = secret.json.at("data", "token")?.string.flatMap({ Base64.decode($0) }) {
          return String(decoding: token, as: UTF8.self)
        }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
