import Crypto
import Diagnostics
import Values

/// The key of a vault: 32 random bytes, from which the keys for its parts are derived.
struct VaultKey {
  /// How many bytes a key has.
  static let size = 32

  private let bytes: [UInt8]

  /// A new key.
  static func make() -> VaultKey {
    VaultKey(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the key that the environment gives.
  ///
  /// - Throws: `DiagnosticError` if it is none. The text is in no message: it may be a key with a slip.
  init(given text: String) throws {
    self.bytes = try Self.bytes(of: text, in: "BERTH_VAULT_KEY")
  }

  /// Reads the key in a file; `nil` if there is no such file.
  ///
  /// - Throws: `DiagnosticError` if the file can't be used, or holds something else.
  init?(in file: PrivateFile) throws {
    guard let content = try file.read() else { return nil }
    self.bytes = try Self.bytes(of: String(decoding: content, as: UTF8.self), in: file.path)
  }

  private static func bytes(of text: String, in place: String) throws -> [UInt8] {
    let line = text.utf8.last == UInt8(ascii: "\n") ? String(text.dropLast()) : text
    guard let bytes = Base64.decode(line), bytes.count == size else {
      throw DiagnosticError(
        Diagnostic(
          .badVaultKey, "\(place) is not a key of a vault: it must be \(size) bytes in base64",
          help: "`openssl rand -base64 \(size)` makes one for a new vault"))
    }
    return bytes
  }

  /// The key in base64.
  var text: String { Base64.encode(bytes) }

  /// The key that values are sealed with.
  var sealing: SymmetricKey { derived("values") }

  /// The key of the code over the whole vault.
  var authenticating: SymmetricKey { derived("file") }

  /// What tells the key apart from others without saying anything of it.
  var fingerprint: String {
    Hex.lower(derived("fingerprint").withUnsafeBytes { Array($0.prefix(8)) })
  }

  private func derived(_ purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: bytes), info: Array("berth vault v1: \(purpose)".utf8),
      outputByteCount: Self.size)
  }
}
