import Diagnostics
import Secrets
import Values

/// An encrypted file of secrets on this machine, for all targets, each namespace apart.
///
/// It lies in a folder of its own, which only its owner can enter:
///
///     vault.json   the secrets, each sealed with AES-256-GCM, and a code over the whole
///     key          the key, unless it is given by the environment
///     vault.lock   held while the vault is being changed
///
/// Every method reads the file anew, so that what another command put in is seen. It is replaced as a whole:
/// a reader, also after a crash, finds the old or the new one.
package struct Vault: Sendable {
  /// The size of the largest value: 64 KiB.
  package static let maximumValueSize = 64 << 10

  private let folder: String
  private let givenKey: String?

  /// The vault in a folder, which is made by the first ``set(_:for:at:)``.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - givenKey: the key as ``VaultKey`` reads it; `nil` means the one in the folder.
  package init(folder: String, givenKey: String? = nil) {
    self.folder = folder
    self.givenKey = givenKey
  }

  private var file: PrivateFile { PrivateFile(path: folder + "/vault.json") }
  private var keyFile: PrivateFile { PrivateFile(path: folder + "/key") }

  // MARK: Reading

  /// Whether there is a vault.
  ///
  /// - Throws: `DiagnosticError` if that can't be told.
  package var exists: Bool {
    get throws { try file.read() != nil }
  }

  /// The value under a key; `nil` if there is none.
  ///
  /// - Throws: `DiagnosticError` if the vault can't be used, as for every method.
  package func value(of name: VaultEntry.Name) throws -> SecretValue? {
    guard let (contents, key) = try open(), let entry = contents.entry(name) else { return nil }
    return try entry.open(with: key, file.path)
  }

  /// What is in the vault of a namespace, ordered by key, without the values.
  package func entries(in namespace: String) throws -> [VaultEntry] {
    try open()?.contents.entries.filter { $0.name.namespace == namespace } ?? []
  }

  // MARK: Writing

  /// Puts a value in; one that is there under the same name is replaced.
  ///
  /// - Throws: `DiagnosticError` also if the value is empty or larger than ``maximumValueSize``.
  package func set(_ value: SecretValue, for name: VaultEntry.Name, at moment: Timestamp) throws {
    guard !value.bytes.isEmpty else {
      throw DiagnosticError(
        Diagnostic(
          .badSecretInput, "the value is empty", help: "did the command fail whose output it should be?"))
    }
    guard value.bytes.count <= Self.maximumValueSize else {
      throw DiagnosticError(
        Diagnostic(
          .badSecretInput, "the value is larger than \(Self.maximumValueSize >> 10) KiB",
          help: "keep it in a file and refer to that as `file:PATH`"))
    }
    try changing { contents, key in
      try contents.put(
        SealedEntry(
          value, name: name, version: (contents.entry(name)?.about.version ?? 0) + 1, at: moment, key: key))
      return true
    }
  }

  /// Takes a value out.
  ///
  /// - Returns: whether there was one.
  package func remove(_ name: VaultEntry.Name) throws -> Bool {
    guard try exists else { return false }
    return try changing { contents, _ in contents.remove(name) }
  }

  // MARK: The file

  private func open() throws -> (contents: VaultContents, key: VaultKey)? {
    guard let bytes = try file.read() else { return nil }
    let key = try existingKey()
    return (try VaultContents(bytes, key: key, path: file.path), key)
  }

  private func existingKey() throws -> VaultKey {
    if let givenKey { return try VaultKey(given: givenKey) }
    if let key = try VaultKey(in: keyFile) { return key }
    throw DiagnosticError(
      Diagnostic(
        .badVaultKey, "the vault \(file.path) has no key: there is no \(keyFile.path)",
        help: "put the key back from its backup, or give it by BERTH_VAULT_KEY"))
  }

  /// Changes the vault, alone.
  ///
  /// - Parameter change: returns whether there is something to be written.
  @discardableResult
  private func changing(_ change: (inout VaultContents, VaultKey) throws -> Bool) throws -> Bool {
    try PrivateFile.makeFolder(folder)
    return try PrivateFile(path: folder + "/vault.lock").locked {
      let opened = try open()
      let key = try opened?.key ?? newKey()
      var contents = opened?.contents ?? VaultContents()
      guard try change(&contents, key) else { return false }
      try file.replace(with: contents.bytes(key: key))
      return true
    }
  }

  /// The key for a new vault: the one that is given or there, or one that is made now.
  private func newKey() throws -> VaultKey {
    if let givenKey { return try VaultKey(given: givenKey) }
    if let key = try VaultKey(in: keyFile) { return key }
    let key = VaultKey.make()
    try keyFile.replace(with: Array((key.text + "\n").utf8))
    return key
  }
}
