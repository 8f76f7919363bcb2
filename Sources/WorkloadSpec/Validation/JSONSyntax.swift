import Diagnostics

/// Whether a text is JSON (RFC 8259).
enum JSONSyntax {
  /// The place where it stops being JSON.
  static func problem(in text: String) -> SyntaxProblem? {
    var text = text
    return text.withUTF8 { bytes -> SyntaxProblem? in
      var scanner = JSONScanner(bytes: bytes)
      do throws(JSONScanner.Failure) {
        try scanner.scan()
        return nil
      } catch {
        let place = TextPlace(offset: error.offset, in: bytes)
        return SyntaxProblem(line: place.line, column: place.column, message: error.message)
      }
    }
  }
}

/// Walks over JSON without recursion, so that no nesting is too deep for it.
private struct JSONScanner {
  struct Failure: Error {
    let offset: Int
    let message: String
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// The closing brackets of what is open.
  private var open: [UInt8] = []

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func scan() throws(Failure) {
    var expectsValue = true
    while true {
      skipSpace()
      if expectsValue {
        expectsValue = try startValue()
        continue
      }
      guard let closing = open.last else {
        if position < bytes.count { throw failure("nothing may follow the value") }
        return
      }
      switch peek() {
      case closing:
        open.removeLast()
        position += 1
      case UInt8(ascii: ","):
        position += 1
        if closing == UInt8(ascii: "}") { try key() }
        expectsValue = true
      default:
        throw failure(closing == UInt8(ascii: "}") ? "a `,` or `}` is missing" : "a `,` or `]` is missing")
      }
    }
  }

  /// Scans a value, or the start of one that holds others.
  ///
  /// - Returns: whether a value is expected next.
  private mutating func startValue() throws(Failure) -> Bool {
    switch peek() {
    case UInt8(ascii: "{"):
      position += 1
      skipSpace()
      open.append(UInt8(ascii: "}"))
      if peek() == UInt8(ascii: "}") { return false }
      try key()
      return true
    case UInt8(ascii: "["):
      position += 1
      skipSpace()
      open.append(UInt8(ascii: "]"))
      return peek() != UInt8(ascii: "]")
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: try number()
    }
    return false
  }

  private mutating func key() throws(Failure) {
    skipSpace()
    guard peek() == UInt8(ascii: "\"") else { throw failure("a key in double quotes was expected") }
    try string()
    skipSpace()
    guard peek() == UInt8(ascii: ":") else { throw failure("a `:` is missing") }
    position += 1
  }

  private mutating func string() throws(Failure) {
    let start = position
    position += 1
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20: throw failure("a control character must be escaped")
      default: position += 1
      }
    }
    throw Failure(offset: start, message: "this text is never closed")
  }

  private mutating func escape() throws(Failure) {
    position += 1
    guard let byte = peek(), "\"\\/bfnrtu".utf8.contains(byte) else {
      throw failure("this escape is not known")
    }
    position += 1
    guard byte == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard let digit = peek(), Self.isHexDigit(digit) else {
        throw failure("`\\u` needs four hexadecimal digits")
      }
      position += 1
    }
  }

  private mutating func number() throws(Failure) {
    if peek() == UInt8(ascii: "-") { position += 1 }
    let start = position
    let digits = skipDigits()
    guard digits > 0 else { throw failure("a value was expected") }
    if digits > 1, bytes[start] == UInt8(ascii: "0") {
      throw Failure(offset: start, message: "a number can't start with a zero")
    }
    if peek() == UInt8(ascii: ".") {
      position += 1
      guard skipDigits() > 0 else { throw failure("a digit was expected") }
    }
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw failure("a digit was expected") }
    }
  }

  private mutating func word(_ word: StaticString) throws(Failure) {
    for offset in 0..<word.utf8CodeUnitCount {
      guard position + offset < bytes.count, bytes[position + offset] == word.utf8Start[offset] else {
        throw failure("a value was expected")
      }
    }
    position += word.utf8CodeUnitCount
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ message: String) -> Failure {
    Failure(offset: position, message: position < bytes.count ? message : "the content ends too early")
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
  }
}
