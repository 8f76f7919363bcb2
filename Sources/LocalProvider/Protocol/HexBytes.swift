import Values

/// Bytes that need not be text, within JSON.
enum HexBytes {
  /// Reads what `Hex.lower` wrote.
  static func read(_ text: String) throws(MalformedRecord) -> [UInt8] {
    guard let bytes = Hex.bytes(text) else { throw MalformedRecord("bytes that are not hexadecimal") }
    return bytes
  }
}
