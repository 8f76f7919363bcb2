import Crypto
import ProviderKit
import WorkloadSpec

/// The keyed digest of a secret's value: what may be stored of it, to see later whether it changed.
///
/// It is an HMAC with a key that stays on the target. The reference's key goes into it, so that nobody can
/// tell from two digests whether two secrets have the same value.
enum SecretDigest {
  /// `v1:` and 64 hexadecimal digits.
  static func text(of value: SecretValue, key: String, digestKey: [UInt8]) -> String {
    var code = HMAC<SHA256>(key: SymmetricKey(data: digestKey))
    code.update(data: Array(key.utf8) + [0])
    code.update(data: value.bytes)
    return "v1:" + Hex.lower(code.finalize())
  }
}
