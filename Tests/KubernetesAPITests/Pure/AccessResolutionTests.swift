import TestSupport
import Testing
import UserFiles
import Wire

@testable import KubernetesAPI

@Suite struct AccessResolutionTests {
  private static func config(_ server: String, current: String = "c") -> String {
    """
    current-context: \(current)
    clusters: [{name: \(server), cluster: {server: "https://\(server)"}}]
    contexts: [{name: c, context: {cluster: \(server)}}, {name: \(server)-context, context: {cluster: \(server)}}]
    """
  }

  private static func resolve(
    _ folder: TemporaryFolder, kubeconfig: String? = nil, context: String? = nil,
    _ environment: [String: String]
  ) throws -> ClusterAccess {
    try ClusterAccess.resolve(
      kubeconfig: kubeconfig, context: context, environment: environment, workingDirectory: folder.path,
      serviceAccount: "\(folder.path)/serviceaccount")
  }

  @Test("The file that is asked for counts") func theFileThatIsAskedForCounts() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", Self.config("a.example.com"))
    try folder.write("b", Self.config("b.example.com"))
    let path = "\(folder.path)/a"
    let access = try Self.resolve(folder, kubeconfig: path, ["KUBECONFIG": "\(folder.path)/b"])
    #expect(access.server.host == "a.example.com")
    let error = #expect(throws: KubernetesError.self) {
      try Self.resolve(folder, kubeconfig: "\(folder.path)/none", [:])
    }
    #expect(error?.message == "the kubeconfig \(folder.path)/none is missing")
  }

  @Test("A file that a stranger names leads nowhere else") func aFileThatAStrangerNamesLeadsNowhereElse()
    throws
  {
    let folder = try TemporaryFolder()
    let outside = try folder.write("outside/secret", "s3cret")
    let config = """
      current-context: c
      clusters: [{name: k, cluster: {server: "https://evil.example.com"}}]
      users: [{name: u, user: {tokenFile: ../outside/secret, client-certificate: ../outside/secret, client-key: key}}]
      contexts: [{name: c, context: {cluster: k, user: u}}]
      """
    let path = try folder.write("tree/config", config)
    let boundary = FileBoundary(around: "\(folder.path)/tree")
    func resolve(_ path: String) throws -> ClusterAccess {
      try ClusterAccess.resolve(
        kubeconfig: path, within: boundary, context: nil, environment: [:], workingDirectory: folder.path,
        serviceAccount: "/none")
    }
    let access = try resolve(path)
    let error = #expect(throws: KubernetesError.self) { try access.user.certificate?.bytes() }
    #expect(error?.message.contains("leads outside of") == true, "\(error?.message ?? "")")
    #expect(throws: KubernetesError.self) { try resolve(outside) }
  }

  @Test("A token outside is not sent") func aTokenOutsideIsNotSent() async throws {
    let folder = try TemporaryFolder()
    let user = ClusterUser(name: "u", tokenFile: try folder.write("outside/secret", "s3cret"))
    var bounded = user
    bounded.tokenBoundary = FileBoundary(around: "\(folder.path)/tree")
    let none = ProgramPermission.refused(because: "test")
    #expect(try await CredentialSource(user: user, permission: none).identity().token == "s3cret")
    let error = await #expect(throws: KubernetesError.self) {
      try await CredentialSource(user: bounded, permission: none).identity()
    }
    #expect(error?.message.contains("leads outside of") == true)
  }

  @Test("A relative path is taken from the working directory")
  func aRelativePathIsTakenFromTheWorkingDirectory() throws {
    let folder = try TemporaryFolder()
    try folder.write("sub/config", Self.config("a.example.com"))
    #expect(try Self.resolve(folder, kubeconfig: "sub/config", [:]).server.host == "a.example.com")
    #expect(try Self.resolve(folder, ["KUBECONFIG": "sub/config"]).source == "context c of sub/config")
  }

  @Test("Several files are merged and missing ones left out")
  func severalFilesAreMergedAndMissingOnesLeftOut() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", Self.config("a.example.com"))
    try folder.write("b", Self.config("b.example.com"))
    let environment = [
      "KUBECONFIG": "\(folder.path)/none::\(folder.path)/b:\(folder.path)/a:\(folder.path)/b"
    ]
    let access = try Self.resolve(folder, environment)
    #expect(access.server.host == "b.example.com")
    #expect(access.source == "context c of \(folder.path)/b, \(folder.path)/a")
    #expect(
      try Self.resolve(folder, context: "a.example.com-context", environment).server.host == "a.example.com")
  }

  @Test("Without a word the file of the user counts") func withoutAWordTheFileOfTheUserCounts() throws {
    let folder = try TemporaryFolder()
    try folder.write(".kube/config", Self.config("home.example.com"))
    #expect(
      try Self.resolve(folder, ["HOME": folder.path, "KUBECONFIG": ""]).server.host == "home.example.com")
  }

  @Test("Without a file the pods service account counts") func withoutAFileThePodsServiceAccountCounts()
    throws
  {
    let folder = try TemporaryFolder()
    let environment = [
      "HOME": folder.path, "KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443",
      "HTTPS_PROXY": "http://proxy:1",
    ]
    let missing = #expect(throws: KubernetesError.self) { try Self.resolve(folder, environment) }
    #expect(missing?.message.contains("token is missing") == true)
    try folder.write("serviceaccount/token", "t\n")
    try folder.write("serviceaccount/namespace", "shop\n")
    let access = try Self.resolve(folder, environment)
    #expect(access.server.description == "https://[fd00::1]:443")
    #expect(access.namespace == "shop")
    #expect(access.user.tokenFile == "\(folder.path)/serviceaccount/token")
    #expect(access.trust.authorities == .file("\(folder.path)/serviceaccount/ca.crt"))
    #expect(access.proxy == nil)
    // Who names a context does not mean the pod.
    #expect(throws: KubernetesError.self) { try Self.resolve(folder, context: "prod", environment) }
  }

  @Test("That nothing is named is told") func thatNothingIsNamedIsTold() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: KubernetesError.self) { try Self.resolve(folder, ["HOME": folder.path]) }
    #expect(error?.message == "no cluster is named: \(folder.path)/.kube/config is missing")
    let nothing = #expect(throws: KubernetesError.self) { try Self.resolve(folder, [:]) }
    #expect(nothing?.message.contains("KUBECONFIG is not set") == true)
    try folder.write("empty", "")
    let empty = #expect(throws: KubernetesError.self) {
      try Self.resolve(folder, ["KUBECONFIG": "\(folder.path)/empty"])
    }
    #expect(empty?.message == "\(folder.path)/empty: no current context is set")
  }

  @Test(
    "A proxy of the environment is used",
    arguments: [
      (["HTTPS_PROXY": "http://p:3128"], "http://p:3128"), (["https_proxy": "p:3128"], "http://p:3128"),
      (["HTTPS_PROXY": "socks5://p"], "socks5://p:1080"), (["HTTP_PROXY": "http://p"], nil),
      (["HTTPS_PROXY": "http://p", "NO_PROXY": "example.com"], nil),
      (["HTTPS_PROXY": "http://p", "NO_PROXY": ".example.com, other"], nil),
      (["HTTPS_PROXY": "http://p", "NO_PROXY": "a.example.com:6443"], nil),
      (["HTTPS_PROXY": "http://p", "NO_PROXY": "a.example.com:443,ample.com"], "http://p:80"),
      (["HTTPS_PROXY": "http://p", "no_proxy": "*"], nil), (["HTTPS_PROXY": ""], nil),
    ])
  func aProxyOfTheEnvironmentIsUsed(_ environment: [String: String], _ proxy: String?) throws {
    let server = try ServerAddress("https://a.example.com:6443", schemes: [.https])
    #expect(try ProxyEnvironment(environment).proxy(for: server)?.description == proxy)
  }

  @Test(
    "Addresses are reached directly",
    arguments: [
      ("https://10.1.2.3", "10.0.0.0/8", true), ("https://11.1.2.3", "10.0.0.0/8", false),
      ("https://localhost", "", true),
      ("https://127.0.0.2", "", true), ("https://[::1]", "", true), ("https://10.1.2.3", "0.0.0.0/0", true),
    ])
  func addressesAreReachedDirectly(_ server: String, _ direct: String, _ isDirect: Bool) throws {
    let environment = ProxyEnvironment(["HTTPS_PROXY": "http://p", "NO_PROXY": direct])
    let proxy = try environment.proxy(for: ServerAddress(server, schemes: [.https]))
    #expect((proxy == nil) == isDirect)
  }

  @Test("A proxy that is none is an error") func aProxyThatIsNoneIsAnError() throws {
    let server = try ServerAddress("https://a", schemes: [.https])
    let error = #expect(throws: WireProblem.self) {
      try ProxyEnvironment(["HTTPS_PROXY": "ftp://p"]).proxy(for: server)
    }
    #expect(error?.message.hasPrefix("HTTPS_PROXY can't be used") == true)
  }
}
