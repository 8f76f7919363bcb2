import Crypto
import Values

/// Text behind its checksum: what is not whole is found out, and never read as something else.
///
///     <SHA-256 of all that follows the first line break, in hexadecimal digits>
///     <the text>
package enum SealedText {
  package static func seal(_ text: some Collection<UInt8>) -> [UInt8] {
    var bytes = Array(Hex.lower(SHA256.hash(data: Array(text))).utf8)
    bytes.reserveCapacity(bytes.count + 1 + text.count)
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: text)
    return bytes
  }

  /// What was sealed; `nil` if it is not whole.
  package static func unseal(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let text = bytes[(end + 1)...]
    guard Array(Hex.lower(SHA256.hash(data: Array(text))).utf8) == Array(bytes[..<end]) else { return nil }
    return text
  }
}
