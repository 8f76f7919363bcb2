/// Text as AWS wants it encoded where it is signed.
package enum AWSText {
  /// Every byte but letters, digits, `-`, `.`, `_` and `~` as `%` and two upper-case digits.
  ///
  /// - Parameter keepsSlashes: whether a `/` stays, as in the key of an object.
  package static func encoded(_ text: String, keepsSlashes: Bool = false) -> String {
    var encoded = ""
    encoded.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: "/") where keepsSlashes: encoded.append("/")
      default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }

  /// The fields of a form, as `application/x-www-form-urlencoded` has them.
  package static func form(_ fields: [(name: String, value: String)]) -> String {
    fields.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
  }
}
