import Values

/// What a register of a store holds: sealed lines of JSON, the first of which says who wrote it and in which format.
enum RegisterText {
  private static let stamp = CanonicalJSON.line(.map(RecordFormat.stamp))
  private static let lineBreak = UInt8(ascii: "\n")

  static func write(_ lines: [[UInt8]]) -> [UInt8] {
    SealedText.seal(Array(([stamp] + lines).joined(separator: [lineBreak])))
  }

  /// Writes one line.
  static func write(_ json: Value) -> [UInt8] { write([CanonicalJSON.line(json)]) }

  /// The lines of a register.
  ///
  /// - Parameter what: what it is, in words: `the lock of default/shop`.
  /// - Throws: ``StoreError`` if it is not whole, or if a newer berth wrote it.
  static func lines(of register: Register, _ what: @autoclosure () -> String) throws -> [ArraySlice<UInt8>] {
    guard let text = SealedText.unseal(register.contents) else {
      throw damaged(register, what(), "its checksum does not fit")
    }
    let lines = text.split(separator: lineBreak, omittingEmptySubsequences: false)
    guard let first = lines.first else { throw damaged(register, what(), "it is empty") }
    if !first.elementsEqual(stamp) {
      try RecordFormat.check(try value(first, of: register, what()), what())
    }
    return Array(lines.dropFirst())
  }

  /// What a line says.
  static func value(
    _ line: ArraySlice<UInt8>?, of register: Register, _ what: @autoclosure () -> String
  ) throws -> Value {
    guard let line, let value = try? Value(json: String(decoding: line, as: UTF8.self)) else {
      throw damaged(register, what(), "it is not JSON")
    }
    return value
  }

  /// The error that says that a register makes no sense.
  static func damaged(_ register: Register, _ what: String, _ how: String) -> StoreError {
    StoreError(
      "\(what), kept as `\(register.name)`, is damaged: \(how)",
      help: "nothing was changed; put a copy back")
  }
}
