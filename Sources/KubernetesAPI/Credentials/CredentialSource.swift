import UserFiles
import Wire

/// Gives the credentials of a user as they are now: what a plugin gave is kept until it expires, files of
/// tokens are read again, and what a server refuses is renewed.
actor CredentialSource {
  private let user: ClusterUser
  private let permission: ProgramPermission
  private let now: @Sendable () -> Int64

  /// The certificate that the client shows, and which one it is.
  private var certificate: ClientCertificate?
  private var certificateNumber = 0
  private var hasLoadedFiles = false
  private var fileToken: String?

  private var plugin: PluginCredential?
  private var pluginNumber = 0
  /// The plugin while it runs. Those who need credentials meanwhile wait for it, too.
  private var run: Task<PluginCredential, any Error>?

  init(
    user: ClusterUser, permission: ProgramPermission,
    now: @escaping @Sendable () -> Int64 = { ClientCertificate.now }
  ) {
    self.user = user
    self.permission = permission
    self.now = now
  }

  /// The credentials.
  ///
  /// - Throws: ``KubernetesError`` if there are none to be had.
  func identity() async throws -> Identity {
    if !hasLoadedFiles { try loadCertificate() }
    var token = try readToken()
    if token == nil, user.plugin != nil { token = try await pluginCredential().token }
    var headers: [(name: String, value: String)] = []
    if let token { headers.append(("Authorization", "Bearer \(token)")) }
    if let other = user.impersonation { headers += Self.headers(other) }
    return Identity(
      headers: headers, certificate: certificate, certificateNumber: certificateNumber,
      pluginNumber: pluginNumber,
      token: token)
  }

  /// Gets other credentials than those that the server has refused.
  ///
  /// - Returns: whether there are any.
  func renew(after refused: Identity) async throws -> Bool {
    if try readToken().map({ $0 != refused.token }) == true { return true }
    if user.certificate != nil {
      let before = certificateNumber
      try loadCertificate()
      if certificateNumber > max(before, refused.certificateNumber) { return true }
    }
    guard user.plugin != nil, user.token == nil, user.tokenFile == nil else { return false }
    if refused.pluginNumber == pluginNumber { plugin = nil }
    _ = try await pluginCredential()
    return true
  }

  // MARK: Files

  private func loadCertificate() throws {
    if let certificate = user.certificate, let key = user.key {
      try take(
        certificate: try certificate.bytes(), key: try key.bytes(), place: certificate.place,
        keyPlace: key.place)
    }
    hasLoadedFiles = true
  }

  private func take(certificate bytes: [UInt8], key: [UInt8], place: String, keyPlace: String) throws {
    let found: ClientCertificate
    do throws(WireProblem) {
      found = try ClientCertificate(
        certificate: bytes, key: key, owner: " of the user \"\(user.name)\"", place: place,
        keyPlace: keyPlace,
        renewal: "get a new kubeconfig from the cluster's provider, or renew the certificate", now: now())
    } catch {
      throw KubernetesError(error)
    }
    guard found.bytes != certificate?.bytes else { return }
    certificate = found
    certificateNumber += 1
  }

  /// The token of the kubeconfig. A file counts more than what is written in place, as far as it can be read.
  private func readToken() throws -> String? {
    guard let path = user.tokenFile else { return user.token }
    do {
      let token = String(
        decoding: try UserFile.bytes(of: path, atMost: 1 << 20, within: user.tokenBoundary), as: UTF8.self
      ).trimmed
      if !token.isEmpty { fileToken = token }
    } catch {
      // It may be just being replaced. What was read before may still do.
      guard fileToken != nil || user.token != nil else {
        throw KubernetesError(
          error.message, help: "the token of the user \"\(user.name)\" is read from this file")
      }
    }
    guard let token = fileToken ?? user.token else {
      throw KubernetesError(
        "\(path) is empty", help: "the token of the user \"\(user.name)\" is read from this file")
    }
    return token
  }

  // MARK: Plugins

  private func pluginCredential() async throws -> PluginCredential {
    if let plugin, plugin.expiry.map({ $0 > now() }) ?? true { return plugin }
    if let run { return try await run.value }
    // What it gives is taken before those who wait go on, so that all of them have it.
    let run = Task {
      defer { self.run = nil }
      return try await runPlugin()
    }
    self.run = run
    return try await run.value
  }

  private func runPlugin() async throws -> PluginCredential {
    guard let program = user.plugin else { fatalError("there is no plugin") }
    let found = try await PluginRun(plugin: program, user: user.name, permission: permission).credential()
    if let certificate = found.certificate, let key = found.key {
      let place = "what \(program.command) gave"
      try take(certificate: Array(certificate.utf8), key: Array(key.utf8), place: place, keyPlace: place)
    }
    plugin = found
    pluginNumber += 1
    return found
  }

  private static func headers(_ other: Impersonation) -> [(name: String, value: String)] {
    var headers = [(name: "Impersonate-User", value: other.user)]
    if let uid = other.uid { headers.append(("Impersonate-Uid", uid)) }
    headers += other.groups.map { ("Impersonate-Group", $0) }
    for (key, values) in other.extra.sorted(by: { $0.key < $1.key }) {
      headers += values.map { ("Impersonate-Extra-\(Request.encoded(key))", $0) }
    }
    return headers
  }
}
