import Crypto
import Values

/// The header by which a receiver checks that the sender of a delivery knows the secret, and when it was sent.
///
/// The header is `t=<seconds since 1970>,v1=<code>`. The code is the HMAC-SHA256 of the same seconds, a full
/// stop and the body, with the secret as its key, in hexadecimal digits. A receiver that refuses old times
/// can't be played an old delivery again.
package enum WebhookSignature {
  /// The name of the header.
  package static let header = "Berth-Signature"

  /// The value of the header.
  ///
  /// - Parameter seconds: when the delivery is sent, in seconds since 1970.
  package static func value(of body: String, secret: [UInt8], seconds: Int64) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("\(seconds).\(body)".utf8), using: SymmetricKey(data: secret))
    return "t=\(seconds),v1=\(Hex.lower(code))"
  }
}
