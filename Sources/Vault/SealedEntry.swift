import Crypto
import Secrets
import Values

/// A secret as it lies in the vault.
struct SealedEntry {
  /// What is known of it.
  let about: VaultEntry
  /// Nonce, ciphertext and tag.
  private let sealed: [UInt8]

  /// Seals a value by AES-GCM with a new nonce, bound to its name, version and time.
  init(_ value: SecretValue, name: VaultEntry.Name, version: Int, at moment: Timestamp, key: VaultKey) throws
  {
    about = VaultEntry(name: name, version: version, setAt: moment)
    let box = try AES.GCM.seal(value.bytes, using: key.sealing, authenticating: Self.label(of: about))
    sealed = Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
  }

  /// The value.
  ///
  /// - Throws: `DiagnosticError` if it is not what was sealed under this name.
  func open(with key: VaultKey, _ path: String) throws -> SecretValue {
    do {
      let box = try AES.GCM.SealedBox(combined: sealed)
      let bytes = try AES.GCM.open(box, using: key.sealing, authenticating: Self.label(of: about))
      return SecretValue(bytes: Array(bytes))
    } catch {
      throw VaultContents.damaged(path, "the value of `\(about.name.key)` is not what was sealed")
    }
  }

  /// What a value is bound to, so that it opens under no other name, and no earlier version passes for a later.
  private static func label(of about: VaultEntry) -> [UInt8] {
    let parts = [
      "berth vault v1", about.name.namespace, about.name.key, String(about.version),
      String(about.setAt.milliseconds),
    ]
    return Array(parts.joined(separator: "\0").utf8)
  }

  // MARK: JSON

  /// As it stands in the file.
  var json: Value {
    [
      "namespace": .string(about.name.namespace), "key": .string(about.name.key),
      "version": Value(about.version), "setAt": .int(about.setAt.milliseconds),
      "sealed": .string(Base64.encode(sealed)),
    ]
  }

  /// Reads what ``json`` wrote; `nil` if it is something else.
  init?(json: Value) {
    guard let namespace = json["namespace"]?.string, let key = json["key"]?.string,
      let version = json["version"]?.int, let moment = json["setAt"]?.int,
      let sealed = json["sealed"]?.string.flatMap({ Base64.decode($0) })
    else { return nil }
    about = VaultEntry(
      name: VaultEntry.Name(namespace: namespace, key: key), version: Int(version),
      setAt: Timestamp(milliseconds: moment))
    self.sealed = sealed
  }
}
