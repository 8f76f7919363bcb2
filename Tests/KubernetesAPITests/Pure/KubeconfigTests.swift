import Testing
import Wire

@testable import KubernetesAPI

@Suite struct KubeconfigTests {
  private static let good = """
    apiVersion: v1
    kind: Config
    current-context: prod
    clusters:
    - name: east
      cluster: {server: "https://east.example.com:6443", certificate-authority: certs/ca.pem, tls-server-name: api}
    - name: west
      cluster:
        server: https://west.example.com
        insecure-skip-tls-verify: true
        certificate-authority-data: YWJj
        proxy-url: socks5://127.0.0.1:1080
    users:
    - name: ada
      user: {client-certificate: /etc/ada.pem, client-key-data: a2V5}
    - name: bob
      user: {token: secret, tokenFile: token, as: root, as-groups: [admins], as-user-extra: {scope: [a, b]}}
    contexts:
    - {name: prod, context: {cluster: east, user: ada, namespace: shop}}
    - {name: test, context: {cluster: west, user: bob}}
    - {name: anyone, context: {cluster: west, user: ""}}
    preferences: {colors: true}
    """

  private static func read(_ text: String, path: String = "/k/config") throws -> Kubeconfig {
    try KubeconfigReader(path: path, workingDirectory: "/work").read(Array(text.utf8))
  }

  @Test("A context comes to an access") func aContextComesToAnAccess() throws {
    let prod = try Self.read(Self.good).access()
    #expect(prod.server.description == "https://east.example.com:6443")
    #expect(prod.trust == ServerTrust(authorities: .file("/k/certs/ca.pem"), serverName: "api"))
    #expect(prod.namespace == "shop")
    #expect(prod.source == "context prod of /k/config")
    #expect(prod.user.certificate == .file("/etc/ada.pem"))
    guard case .data(let key, let place) = prod.user.key else {
      Issue.record("the key is in place")
      return
    }
    #expect(key == Array("key".utf8))
    #expect(place.hasPrefix("/k/config:") && place.hasSuffix(": client-key-data"))

    let test = try Self.read(Self.good).access(context: "test")
    #expect(test.namespace == "default")
    #expect(!test.trust.verifies)
    #expect(test.proxy?.description == "socks5://127.0.0.1:1080")
    #expect(test.user.token == "secret")
    #expect(test.user.tokenFile == "/k/token")
    #expect(
      test.user.impersonation
        == Impersonation(user: "root", groups: ["admins"], extra: ["scope": ["a", "b"]]))
    #expect(try Self.read(Self.good).access(context: "anyone").user == ClusterUser(name: ""))
  }

  @Test("Relative paths are taken from the files folder") func relativePathsAreTakenFromTheFilesFolder()
    throws
  {
    let access = try Self.read(Self.good, path: "sub/config").access()
    #expect(access.trust.authorities == .file("/work/sub/certs/ca.pem"))
  }

  @Test("The first file that says something counts") func theFirstFileThatSaysSomethingCounts() throws {
    var config = try Self.read(Self.good)
    config.merge(
      try Self.read(
        """
        current-context: other
        clusters:
        - {name: east, cluster: {server: "https://evil.example.com", tls-server-name: evil}}
        - {name: south, cluster: {server: "https://south.example.com"}}
        users: [{name: ada, user: {token: other}}]
        contexts: [{name: prod, context: {cluster: south}}, {name: other, context: {cluster: south, user: ada}}]
        """, path: "/l/config"))
    #expect(config.currentContext == "prod")
    let prod = try config.access()
    #expect(prod.server.host == "east.example.com")
    #expect(prod.source == "context prod of /k/config, /l/config")
    // A context of one file may name what another has.
    let other = try config.access(context: "other")
    #expect(other.server.host == "south.example.com")
    #expect(other.user.token == nil && other.user.certificate == .file("/etc/ada.pem"))
  }

  @Test("A plugin is read") func aPluginIsRead() throws {
    let config = try Self.read(
      """
      current-context: c
      clusters:
      - name: k
        cluster:
          server: https://k
          certificate-authority-data: YWJj
          tls-server-name: api
          extensions:
          - {name: other, extension: 1}
          - {name: client.authentication.k8s.io/exec, extension: {audience: a, n: 1.5, yes: "1", on: true}}
      users:
      - name: u
        user:
          exec:
            apiVersion: client.authentication.k8s.io/v1beta1
            command: ./bin/login
            args: [--region, "1"]
            env: [{name: PROFILE, value: prod}, {name: EMPTY}]
            installHint: get it
            provideClusterInfo: true
      - name: v
        user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, interactiveMode: Never}}
      contexts: [{name: c, context: {cluster: k, user: u}}, {name: d, context: {cluster: k, user: v}}]
      """)
    let plugin = try config.access().user.plugin
    #expect(
      plugin
        == ExecPlugin(
          command: "/k/./bin/login", arguments: ["--region", "1"],
          environment: ["PROFILE": "prod", "EMPTY": ""],
          version: .v1beta1, interactiveMode: .ifAvailable, installHint: "get it",
          cluster: [
            "server": "https://k", "tls-server-name": "api", "certificate-authority-data": "YWJj",
            "config": ["audience": "a", "n": .number("1.5"), "yes": "1", "on": true],
          ]))
    let other = try config.access(context: "d").user.plugin
    #expect(other == ExecPlugin(command: "aws", version: .v1, interactiveMode: .never))
  }

  @Test(
    "What is missing is told",
    arguments: [
      ("current-context: x", nil, "/k/config: there is no context \"x\"", "there are no contexts at all"),
      ("", nil, "/k/config: no current context is set", "there are no contexts at all"),
      (
        "contexts: [{name: a, context: {cluster: k}}, {name: b, context: {cluster: k}}]", nil,
        "no current context is set",
        "kubectl config use-context NAME; there are a, b"
      ),
      ("contexts: [{name: a, context: {cluster: k}}]", "z", "there is no context \"z\"", "there is a"),
      (
        "contexts: [{name: a, context: {cluster: k}}]", "a",
        "/k/config:1: the context \"a\" names the cluster \"k\", which is missing",
        "name the file that has it in KUBECONFIG"
      ),
      (
        "clusters: [{name: k, cluster: {server: 'https://k'}}]\ncontexts: [{name: a, context: {cluster: k, user: u}}]",
        "a",
        "/k/config:2: the context \"a\" names the user \"u\", who is missing", "add the user"
      ),
      (
        "clusters: [{name: k, cluster: {server: k}}]\ncontexts: [{name: a, context: {cluster: k}}]", "a",
        "/k/config:1: the server \"k\" can't be used: it does not start with https:// or http://",
        "write it like https://"
      ),
      (
        "clusters: [{name: k, cluster: {server: 'https://k', proxy-url: 'https://p'}}]\ncontexts: [{name: a, context: {cluster: k}}]",
        "a", "the proxy-url \"https://p\" can't be used", "socks5://"
      ),
      (
        "clusters: [{name: k, cluster: {server: 'https://k'}}]\nusers: [{name: u, user: {username: x, password: y}}]\n"
          + "contexts: [{name: a, context: {cluster: k, user: u}}]", "a",
        "/k/config:2: the user \"u\" logs in by name and password, which API servers do not take since Kubernetes 1.19",
        "use a token"
      ),
      (
        "clusters: [{name: k, cluster: {server: 'https://k'}}]\nusers: [{name: u, user: {auth-provider: {name: gcp}}}]\n"
          + "contexts: [{name: a, context: {cluster: k, user: u}}]", "a",
        "the user \"u\" logs in by the auth-provider \"gcp\", which Kubernetes 1.26 has given up",
        "exec plugin"
      ),
    ])
  func whatIsMissingIsTold(_ text: String, _ context: String?, _ message: String, _ help: String) {
    let error = #expect(throws: KubernetesError.self) { try Self.read(text).access(context: context) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.help?.contains(help) == true, "\(error?.help ?? "")")
  }

  @Test(
    "What is no kubeconfig is an error",
    arguments: [
      ("[1]", "/k/config:1:1: a kubeconfig is a mapping"), ("kind: Pod", "this is a Pod, not a kubeconfig"),
      ("clusters: x", "`clusters` is a list"),
      ("clusters: [{cluster: {server: x}}]", "a cluster has no name"),
      ("clusters: [{name: k}]", "\"k\" has no cluster"),
      ("clusters: [{name: k, cluster: x}]", "a cluster is a mapping"),
      ("clusters: [{name: k, cluster: {}}]", "the cluster has no server"),
      (
        "clusters: [{name: k, cluster: {server: a}}, {name: k, cluster: {server: b}}]",
        "/k/config:1:45: the cluster \"k\" is there twice"
      ),
      ("clusters: [{name: k, cluster: {server: a, insecure-skip-tls-verify: maybe}}]", "is true or false"),
      ("clusters: [{name: k, cluster: {server: a, certificate-authority-data: '?'}}]", "is no base64"),
      ("contexts: [{name: c, context: {user: u}}]", "the context \"c\" names no cluster"),
      ("users: [{name: u, user: {client-certificate: a}}]", "the client certificate has no key"),
      ("users: [{name: u, user: {client-key: a}}]", "the client key has no certificate"),
      ("users: [{name: u, user: {as-groups: [a]}}]", "not which user"),
      (
        "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1}}}]",
        "the exec plugin has no command"
      ),
      ("users: [{name: u, user: {exec: {command: a}}}]", "the exec plugin has no apiVersion"),
      (
        "users: [{name: u, user: {exec: {command: a, apiVersion: client.authentication.k8s.io/v1alpha1}}}]",
        "the exec plugin speaks client.authentication.k8s.io/v1alpha1"
      ),
      (
        "users: [{name: u, user: {exec: {command: a, apiVersion: client.authentication.k8s.io/v1}}}]",
        "the exec plugin has no interactiveMode"
      ),
      ("clusters: [\n", "/k/config:2:1: "),
    ])
  func whatIsNoKubeconfigIsAnError(_ text: String, _ message: String) {
    let error = #expect(throws: KubernetesError.self) { try Self.read(text) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.help != nil)
  }

  @Test("The password of a proxy is not shown") func thePasswordOfAProxyIsNotShown() throws {
    let text =
      "clusters: [{name: k, cluster: {server: 'https://k', proxy-url: 'https://ada:secret@p'}}]\n"
      + "contexts: [{name: a, context: {cluster: k}}]"
    let error = #expect(throws: KubernetesError.self) { try Self.read(text).access(context: "a") }
    #expect(error?.message.contains("https://…@p") == true, "\(error?.message ?? "")")
  }

  @Test("A configuration may be JSON and its data broken") func aConfigurationMayBeJSONAndItsDataBroken()
    throws
  {
    let config = try Self.read(
      #"{"clusters":[{"name":"k","cluster":{"server":"https://k","certificate-authority-data":"YW\nJj"}}],"users":null,"contexts":[{"name":"a","context":{"cluster":"k"}}]}"#
    )
    guard case .data(let bytes, _) = try config.access(context: "a").trust.authorities else {
      Issue.record("the authority is in place")
      return
    }
    #expect(bytes == Array("abc".utf8))
  }
}
