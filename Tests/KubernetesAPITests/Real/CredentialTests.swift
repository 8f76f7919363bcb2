import Foundation
import TestSupport
import Testing

@testable import KubernetesAPI

@Suite(.enabled(if: RealCluster.isThere, RealCluster.skipped)) struct RealCredentialTests {
  private static let secrets = ResourceType(plural: "secrets", kind: "Secret")
  private static let accounts = ResourceType(plural: "serviceaccounts", kind: "ServiceAccount")

  /// The token of a new service account, which has no rights.
  private static func token(_ cluster: KubernetesClient, _ namespace: String) async throws -> [UInt8] {
    let account = KubernetesObject(accounts, name: "ada", namespace: namespace)
    _ = try await cluster.objects(accounts).create(account, RealCluster.options)
    var secret = KubernetesObject(secrets, name: "ada", namespace: namespace)
    secret.metadata["annotations"] = ["kubernetes.io/service-account.name": "ada"]
    secret["type"] = "kubernetes.io/service-account-token"
    let made = try await cluster.objects(secrets).create(secret, RealCluster.options)
    // A controller fills it in.
    let selection = Selection(fields: "metadata.name=ada")
    for try await event in cluster.objects(secrets).watch(in: namespace, selection) {
      let found: KubernetesObject? =
        switch event {
        case .listed(let list): list.items.first
        case .added(let object), .modified(let object): object
        case .deleted: nil
        }
      guard found?.uid == made.uid, let token = found?.json.at("data", "token")?.string else { continue }
      return Array(try #require(Data(base64Encoded: token)))
    }
    throw KubernetesError("the watch ended")
  }

  @Test("A pod is known by its service account") func aPodIsKnownByItsServiceAccount() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let folder = try TemporaryFolder()
      let authorities = try #require(cluster.access.trust.authorities).bytes()
      try folder.write("ca.crt", String(decoding: authorities, as: UTF8.self))
      try folder.write("namespace", namespace)
      try folder.write("token", String(decoding: await Self.token(cluster, namespace), as: UTF8.self))
      let access = try ClusterAccess.resolve(
        kubeconfig: nil, context: nil,
        environment: [
          "KUBERNETES_SERVICE_HOST": cluster.access.server.host,
          "KUBERNETES_SERVICE_PORT": "\(cluster.access.server.port)",
        ], workingDirectory: "/", serviceAccount: folder.path)
      #expect(access.namespace == namespace)
      let pod = try await KubernetesClient.connect(to: access, programs: .refused(because: "it is a test"))
      let refusal = await #expect(throws: KubernetesError.self) {
        try await pod.objects(.configMaps).list(in: namespace)
      }
      #expect(refusal?.isForbidden == true)
      #expect(refusal?.message.contains("system:serviceaccount:\(namespace):ada") == true)
      // What the server no longer takes is read again, once it was renewed.
      let good = try #require(folder.read("token"))
      try folder.write("token", "no-such-token")
      let unknown = await #expect(throws: KubernetesError.self) {
        try await pod.objects(.configMaps).list(in: namespace)
      }
      #expect(unknown?.isUnauthorized == true)
      #expect(unknown?.help == "renew the token in \(folder.path)/token")
      try folder.write("token", good)
      let again = await #expect(throws: KubernetesError.self) {
        try await pod.objects(.configMaps).list(in: namespace)
      }
      #expect(again?.isForbidden == true)
    }
  }

  @Test("A plugin logs in") func aPluginLogsIn() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let folder = try TemporaryFolder()
      let token = String(decoding: try await Self.token(cluster, namespace), as: UTF8.self)
      // The first token is refused, so that the plugin is asked once more in mid-run.
      let script = """
        #!/bin/sh
        token=no-such-token
        [ ! -e \(folder.path)/asked ] || token='\(token)'
        touch \(folder.path)/asked
        printf '%s' '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$token'"}}'
        """
      var access = cluster.access
      access.user = ClusterUser(
        name: "ada", plugin: ExecPlugin(command: try folder.write("plugin", script, isProgram: true)))
      let programs = ProgramPermission.granted(
        environment: ProcessInfo.processInfo.environment, isInteractive: false)
      let ada = try await KubernetesClient.connect(to: access, programs: programs)
      let refusal = await #expect(throws: KubernetesError.self) {
        try await ada.objects(.configMaps).list(in: namespace)
      }
      #expect(refusal?.message.contains("system:serviceaccount:\(namespace):ada") == true)
    }
  }
}
