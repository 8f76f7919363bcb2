/// DNS labels as RFC 1123 has them, in lower case.
public enum DNSLabel {
  /// What to do about a text that is none.
  public static let help =
    "use at most 63 lower-case letters, digits and `-`, starting and ending with a letter or digit"

  /// Whether a text is one.
  public static func isValid(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return first != hyphen && last != hyphen && bytes.allSatisfy { isAllowed($0) }
  }

  /// A label that is like a text, if there is one.
  public static func nearest(to text: String) -> String? {
    var bytes = text.lowercased().utf8.map { isAllowed($0) ? $0 : hyphen }
    while bytes.first == hyphen { bytes.removeFirst() }
    bytes = Array(bytes.prefix(63))
    while bytes.last == hyphen { bytes.removeLast() }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  private static let hyphen = UInt8(ascii: "-")

  private static func isAllowed(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == hyphen
  }
}
