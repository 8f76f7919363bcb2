import Values

/// A hash that is the same in every run and version: FNV-1a with 64 bits. It protects nothing.
enum StableHash {
  static func of(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// Sixteen hexadecimal digits.
  static func text(of text: String) -> String {
    let hash = of(text)
    return Hex.lower((0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * $0)) })
  }
}
