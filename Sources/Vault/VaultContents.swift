import Crypto
import Diagnostics
import Values

/// What is in the file of a vault: one JSON object with the entries, the fingerprint of the key, and a code over
/// all of it, so that no entry can be taken out, put back or exchanged unseen.
struct VaultContents {
  private static let format: Int64 = 1

  /// By namespace and key; no name stands twice.
  private var sealed: [SealedEntry] = []

  /// An empty vault.
  init() {}

  /// Reads the bytes of a file.
  ///
  /// - Throws: `DiagnosticError` if they are not what was written with this key.
  init(_ bytes: [UInt8], key: VaultKey, path: String) throws {
    guard let text = String(validating: bytes, as: UTF8.self), let value = try? Value(json: text),
      let entries = value["entries"]?.list, let format = value["format"]?.int
    else { throw Self.damaged(path, "it is not what berth wrote") }
    guard format == Self.format else {
      throw DiagnosticError(
        Diagnostic(
          .vaultUnusable, "the vault \(path) has format \(format), and this berth knows \(Self.format)",
          help: "use the version of berth that wrote it, or a later one"))
    }
    guard value["keyID"]?.string == key.fingerprint else {
      throw DiagnosticError(
        Diagnostic(
          .vaultUnusable, "the vault \(path) was sealed with another key than the one in use",
          help: "give the right key by BERTH_VAULT_KEY, or put it back beside the vault"))
    }
    for entry in entries {
      guard let entry = SealedEntry(json: entry) else { throw Self.damaged(path, "an entry can't be read") }
      sealed.append(entry)
    }
    // What was read is written again and compared: nothing that is not understood is passed over.
    guard self.bytes(key: key) == bytes else {
      throw Self.damaged(path, "its code does not fit what is in it")
    }
  }

  /// What there is to know of a vault that can't be trusted.
  static func damaged(_ path: String, _ reason: String) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .vaultUnusable, "the vault \(path) is damaged or was altered: \(reason)",
        help: "nothing was changed; put it back from its backup, or move it away and set the secrets anew"))
  }

  // MARK: Entries

  /// What is known of every entry.
  var entries: [VaultEntry] { sealed.map(\.about) }

  func entry(_ name: VaultEntry.Name) -> SealedEntry? { sealed.first { $0.about.name == name } }

  /// Puts an entry in; one of the same name is replaced.
  mutating func put(_ entry: SealedEntry) {
    sealed.removeAll { $0.about.name == entry.about.name }
    sealed.append(entry)
    sealed.sort { $0.about.name < $1.about.name }
  }

  /// Takes an entry out.
  ///
  /// - Returns: whether there was one.
  mutating func remove(_ name: VaultEntry.Name) -> Bool {
    let count = sealed.count
    sealed.removeAll { $0.about.name == name }
    return sealed.count < count
  }

  // MARK: Bytes

  /// The bytes of the file.
  func bytes(key: VaultKey) -> [UInt8] {
    let members: [Value.Member] = [
      .init("format", .int(Self.format)), .init("keyID", .string(key.fingerprint)),
      .init("entries", .list(sealed.map(\.json))),
    ]
    var content: [UInt8] = []
    CanonicalJSON.write(.map(members), into: &content)
    let code = HMAC<SHA256>.authenticationCode(for: content, using: key.authenticating)
    return Array(
      CanonicalJSON.pretty(.map(members + [.init("code", .string(Hex.lower(code)))])).utf8)
  }
}
