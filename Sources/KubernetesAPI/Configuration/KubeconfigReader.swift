import Diagnostics
import UserFiles
import Values
import Wire
import YAMLNodes

/// Reads one kubeconfig file.
struct KubeconfigReader {
  /// The path, as messages show it.
  let path: String
  /// The path from the root on.
  private let absolute: String
  /// The folder that relative paths in the file are taken from.
  private let folder: String
  /// The folders that the file, and those that it names, must lie in.
  private let boundary: FileBoundary?

  /// The size of the largest file: 16 MiB, which is a thousand clusters with their certificates.
  private static let maximumSize = 16 << 20
  private static let clusterExtension = "client.authentication.k8s.io/exec"

  /// - Parameters:
  ///   - workingDirectory: what a relative path is taken from.
  ///   - boundary: the folders that the file, and those that it names, must lie in.
  init(path: String, workingDirectory: String, within boundary: FileBoundary? = nil) {
    self.path = path
    self.boundary = boundary
    let absolute = path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
    self.absolute = absolute
    folder = absolute.lastIndex(of: "/").map { String(absolute[..<$0]) } ?? workingDirectory
  }

  /// Reads the file; `nil` if there is none.
  ///
  /// - Throws: ``KubernetesError`` if it can't be read or is no kubeconfig.
  func read() throws -> Kubeconfig? {
    do {
      return try read(UserFile.bytes(of: absolute, atMost: Self.maximumSize, within: boundary))
    } catch let error as UserFileError {
      if error.isMissing { return nil }
      throw KubernetesError(error.message, help: error.help)
    }
  }

  func read(_ bytes: [UInt8]) throws -> Kubeconfig {
    var diagnostics = Diagnostics()
    let tree = YAMLReader.read(SourceFile(name: path, bytes: bytes), into: &diagnostics)
    if let problem = diagnostics.first(where: { $0.severity == .error }) {
      let place = problem.location.map { "\(path):\($0.line):\($0.column)" } ?? path
      throw KubernetesError("\(place): \(problem.message)", help: problem.help ?? Self.help)
    }
    var config = Kubeconfig()
    config.files = [path]
    guard let root = tree.documents.first, !root.isNull else { return config }
    guard root.kind == .mapping else { throw wrong(root, "a kubeconfig is a mapping") }
    if let kind = try text(root, "kind"), kind != "Config" {
      throw wrong(root, "this is a \(kind), not a kubeconfig")
    }
    config.currentContext = try text(root, "current-context")
    config.clusters = try entries(root, "clusters", of: "cluster") { node, _ in try cluster(node) }
    config.users = try entries(root, "users", of: "user") { try user($0, named: $1) }
    config.contexts = try entries(root, "contexts", of: "context") { node, name in
      guard let cluster = try text(node, "cluster") else {
        throw wrong(node, "the context \"\(name)\" names no cluster")
      }
      return Kubeconfig.Context(
        cluster: cluster, user: try text(node, "user") ?? "", namespace: try text(node, "namespace"),
        place: place(node))
    }
    return config
  }

  // MARK: Entries

  private func cluster(_ node: Node) throws -> Kubeconfig.Cluster {
    guard let server = try text(node, "server") else { throw wrong(node, "the cluster has no server") }
    var config: JSON?
    for item in try list(node, "extensions") where try text(item, "name") == Self.clusterExtension {
      config = item["extension"].map { JSON($0) }
    }
    return Kubeconfig.Cluster(
      server: server, serverName: try text(node, "tls-server-name"),
      verifies: try !flag(node, "insecure-skip-tls-verify"),
      authorities: try material(node, "certificate-authority"), proxy: try text(node, "proxy-url"),
      pluginConfig: config, place: place(node))
  }

  private func user(_ node: Node, named name: String) throws -> Kubeconfig.User {
    var user = ClusterUser(
      name: name, certificate: try material(node, "client-certificate"),
      key: try material(node, "client-key"),
      token: try text(node, "token"), tokenFile: try text(node, "tokenFile").map(resolved))
    if let other = try text(node, "as") {
      user.impersonation = Impersonation(
        user: other, uid: try text(node, "as-uid"), groups: try texts(node, "as-groups"),
        extra: try extra(node))
    } else if node["as-groups"] != nil || node["as-uid"] != nil || node["as-user-extra"] != nil {
      throw wrong(node, "it says which groups to act as, but not which user", help: "add `as: NAME`")
    }
    user.tokenBoundary = boundary
    guard (user.certificate == nil) == (user.key == nil) else {
      throw wrong(
        node, user.key == nil ? "the client certificate has no key" : "the client key has no certificate",
        help:
          "give client-certificate and client-key, or client-certificate-data and client-key-data"
      )
    }
    var wantsCluster = false
    if let exec = node["exec"], !exec.isNull {
      user.plugin = try plugin(exec)
      wantsCluster = try flag(exec, "provideClusterInfo")
    }
    var refusal: Kubeconfig.User.Refusal?
    if try text(node, "username") != nil || text(node, "password") != nil {
      refusal = .init(
        message: "logs in by name and password, which API servers do not take since Kubernetes 1.19",
        help: "use a token, a client certificate or an exec plugin")
    }
    if let provider = node["auth-provider"], !provider.isNull {
      let name = try text(provider, "name") ?? ""
      refusal = .init(
        message: "logs in by the auth-provider \"\(name)\", which Kubernetes 1.26 has given up",
        help: "get a new kubeconfig from the cluster's provider: it has an exec plugin")
    }
    return Kubeconfig.User(user: user, pluginWantsCluster: wantsCluster, refusal: refusal, place: place(node))
  }

  private func plugin(_ node: Node) throws -> ExecPlugin {
    guard var command = try text(node, "command") else { throw wrong(node, "the exec plugin has no command") }
    if command.contains("/") { command = resolved(command) }
    let named = try text(node, "apiVersion") ?? ""
    guard let version = ExecPlugin.Version(rawValue: named) else {
      throw wrong(
        node, named.isEmpty ? "the exec plugin has no apiVersion" : "the exec plugin speaks \(named)",
        help: "it must be \(ExecPlugin.Version.v1.rawValue) or \(ExecPlugin.Version.v1beta1.rawValue); "
          + "a newer plugin and a new kubeconfig from the cluster's provider have it")
    }
    var mode = ExecPlugin.InteractiveMode.ifAvailable
    if let text = try text(node, "interactiveMode") {
      guard let known = ExecPlugin.InteractiveMode(rawValue: text) else {
        throw wrong(
          node, "the interactiveMode \"\(text)\" is not known", help: "it is Never, IfAvailable or Always")
      }
      mode = known
    } else if version == .v1 {
      throw wrong(
        node, "the exec plugin has no interactiveMode, which \(version.rawValue) asks for",
        help: "add `interactiveMode: IfAvailable`")
    }
    var environment: [String: String] = [:]
    for item in try list(node, "env") {
      guard let name = try text(item, "name") else { throw wrong(item, "a variable has no name") }
      environment[name] = try text(item, "value") ?? ""
    }
    return ExecPlugin(
      command: command, arguments: try texts(node, "args"), environment: environment, version: version,
      interactiveMode: mode, installHint: try text(node, "installHint"))
  }

  private func extra(_ node: Node) throws -> [String: [String]] {
    guard let found = node["as-user-extra"], !found.isNull else { return [:] }
    var extra: [String: [String]] = [:]
    for member in found.members { extra[member.key.text] = member.value.elements.map(\.text) }
    return extra
  }

  // MARK: Values

  /// What a list of `name` and something holds, by names.
  private func entries<Entry>(
    _ root: Node, _ key: String, of kind: String, _ read: (Node, String) throws -> Entry
  ) throws -> [String: Entry] {
    var entries: [String: Entry] = [:]
    for item in try list(root, key) {
      guard let name = try text(item, "name") else { throw wrong(item, "a \(kind) has no name") }
      guard let body = item[kind] else { throw wrong(item, "\"\(name)\" has no \(kind)") }
      // kubectl writes a user without anything as null or {}.
      guard body.kind == .mapping || body.isNull else { throw wrong(body, "a \(kind) is a mapping") }
      guard entries.updateValue(try read(body, name), forKey: name) == nil else {
        throw wrong(item, "the \(kind) \"\(name)\" is there twice", help: "delete one of them")
      }
    }
    return entries
  }

  private func list(_ node: Node, _ key: String) throws -> [Node] {
    guard let found = node[key], !found.isNull else { return [] }
    guard found.kind == .sequence else { throw wrong(found, "`\(key)` is a list") }
    return found.elements
  }

  private func texts(_ node: Node, _ key: String) throws -> [String] {
    try list(node, key).map { item in
      guard item.kind == .scalar else { throw wrong(item, "`\(key)` is a list of texts") }
      return item.text
    }
  }

  /// A text; `nil` if there is none, or it is empty.
  private func text(_ node: Node, _ key: String) throws -> String? {
    guard let found = node[key], !found.isNull else { return nil }
    guard found.kind == .scalar else { throw wrong(found, "`\(key)` is a text") }
    return found.text.isEmpty ? nil : found.text
  }

  private func flag(_ node: Node, _ key: String) throws -> Bool {
    guard let text = try text(node, key) else { return false }
    guard text == "true" || text == "false" else { throw wrong(node, "`\(key)` is true or false") }
    return text == "true"
  }

  /// What stands under `KEY-data`, or in the file that `KEY` names. The data wins, as for kubectl.
  private func material(_ node: Node, _ key: String) throws -> KeyMaterial? {
    if let text = try text(node, "\(key)-data") {
      guard let bytes = Base64.decode(text.filter { !$0.isWhitespace }) else {
        throw wrong(node["\(key)-data"] ?? node, "`\(key)-data` is no base64")
      }
      return .data(bytes, place: "\(place(node["\(key)-data"] ?? node)): \(key)-data")
    }
    return try text(node, key).map { .file(resolved($0), within: boundary) }
  }

  private func resolved(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }

  // MARK: Errors

  private static let help = "a kubeconfig is what `kubectl config view` shows"

  private func place(_ node: Node) -> String { "\(path):\(node.location.line)" }

  private func wrong(_ node: Node, _ message: String, help: String = help) -> KubernetesError {
    KubernetesError("\(path):\(node.location.line):\(node.location.column): \(message)", help: help)
  }
}

extension JSON {
  /// The plain data of a YAML node.
  init(_ node: Node) {
    switch node.kind {
    case .mapping: self = .object(node.members.map { Member($0.key.text, JSON($0.value)) })
    case .sequence: self = .array(node.elements.map { JSON($0) })
    case .scalar:
      let text = node.text
      if node.isPlain, node.isNull {
        self = .null
      } else if node.isPlain, let value = try? JSON(parsing: text.utf8), value.string == nil {
        // What YAML takes for a number or a truth value is what JSON does, as far as kubeconfigs are
        // concerned.
        self = value
      } else {
        self = .string(text)
      }
    }
  }
}
