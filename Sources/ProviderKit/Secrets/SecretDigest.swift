import Crypto
import Values

/// The keyed digest of something secret: what may be stored of it, to see later whether it changed.
///
/// It is an HMAC with a key that stays on the target. The name of the secret goes into it, so that two digests do not
/// show whether two secrets have the same value.
public enum SecretDigest {
  /// `v1:` and 64 hexadecimal digits.
  ///
  /// - Parameters:
  ///   - bytes: what is secret.
  ///   - name: what it is called: a reference's key, or the place of a text that secrets were filled into.
  ///   - digestKey: the target's key, as ``ReleaseReader/digestKey(in:)`` has it.
  public static func text(of bytes: [UInt8], named name: String, digestKey: [UInt8]) -> String {
    var code = HMAC<SHA256>(key: SymmetricKey(data: digestKey))
    code.update(data: Array(name.utf8) + [0])
    code.update(data: bytes)
    return "v1:" + Hex.lower(code.finalize())
  }
}
