/// Why a text is no JSON.
public struct JSONFailure: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// Where, in bytes from the start.
  public let offset: Int

  /// What is wrong, and where.
  public var description: String { "\(message), \(offset) bytes from the start" }
}

extension JSON {
  /// Reads JSON (RFC 8259). Of a key that is there twice, the first counts.
  ///
  /// - Throws: ``JSONFailure`` if it is none, or nests deeper than ``maximumDepth``.
  package init(parsing bytes: UnsafeRawBufferPointer) throws(JSONFailure) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }

  /// Reads JSON.
  package init(parsing bytes: some Sequence<UInt8>) throws(JSONFailure) {
    let bytes = Array(bytes)
    let result: Result<JSON, JSONFailure> = bytes.withUnsafeBytes { buffer in
      do throws(JSONFailure) { return .success(try JSON(parsing: buffer)) } catch { return .failure(error) }
    }
    self = try result.get()
  }

  /// How deep arrays and objects may nest. Servers allow no more than some dozens.
  package static let maximumDepth = 256
}

private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func document() throws(JSONFailure) -> JSON {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("something follows the value") }
    return value
  }

  private mutating func value() throws(JSONFailure) -> JSON {
    skipSpace()
    switch peek() {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw failure("it ends too early")
    default: return try number()
    }
  }

  private mutating func object() throws(JSONFailure) -> JSON {
    try enter()
    var members: [JSON.Member] = []
    skipSpace()
    if skip(UInt8(ascii: "}")) { return leave(.object(members)) }
    repeat {
      skipSpace()
      guard peek() == UInt8(ascii: "\"") else { throw failure("a key is missing") }
      let key = try string()
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { throw failure("a ':' is missing") }
      members.append(JSON.Member(key, try value()))
      skipSpace()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw failure("a ',' or '}' is missing") }
    return leave(.object(members))
  }

  private mutating func array() throws(JSONFailure) -> JSON {
    try enter()
    var elements: [JSON] = []
    skipSpace()
    if skip(UInt8(ascii: "]")) { return leave(.array(elements)) }
    repeat {
      elements.append(try value())
      skipSpace()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw failure("a ',' or ']' is missing") }
    return leave(.array(elements))
  }

  private mutating func enter() throws(JSONFailure) {
    depth += 1
    guard depth <= JSON.maximumDepth else { throw failure("it nests too deep") }
    position += 1
  }

  private mutating func leave(_ value: JSON) -> JSON {
    depth -= 1
    return value
  }

  // MARK: Texts

  private mutating func string() throws(JSONFailure) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw failure("a control character is not escaped")
      default: position += 1
      }
    }
    throw failure("a text does not end")
  }

  /// The rest of a text from its first escape on.
  private mutating func escapedString(from start: Int) throws(JSONFailure) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw failure("a control character is not escaped")
      default: text.append(byte)
      }
    }
    throw failure("a text does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
    guard let byte = peek() else { throw failure("a text does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += UTF8.encode(try scalar())!
    default: throw failure("an escape is not known")
    }
  }

  /// The character of `\uXXXX`, or of two of them; half a pair becomes U+FFFD.
  private mutating func scalar() throws(JSONFailure) -> Unicode.Scalar {
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(UInt16(unit)), position + 1 < bytes.count,
      bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    else { return "\u{FFFD}" }
    let before = position
    position += 2
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(UInt16(second)) else {
      position = before
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func codeUnit() throws(JSONFailure) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Self.hexDigit(byte) else {
        throw failure("'\\u' needs four hexadecimal digits")
      }
      unit = unit << 4 | digit
      position += 1
    }
    return unit
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  // MARK: Numbers and words

  private mutating func number() throws(JSONFailure) -> JSON {
    let start = position
    _ = skip(UInt8(ascii: "-"))
    let first = peek()
    let digits = skipDigits()
    guard digits > 0 else { throw failure("a value is missing") }
    if digits > 1, first == UInt8(ascii: "0") { throw failure("a number starts with a zero") }
    var isWhole = true
    if skip(UInt8(ascii: ".")) {
      isWhole = false
      guard skipDigits() > 0 else { throw failure("a digit is missing") }
    }
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if !skip(UInt8(ascii: "-")) { _ = skip(UInt8(ascii: "+")) }
      guard skipDigits() > 0 else { throw failure("a digit is missing") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let number = Int64(text), text != "-0" { return .int(number) }
    return .number(text)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONFailure) -> JSON {
    for offset in 0..<word.utf8CodeUnitCount {
      guard position + offset < bytes.count, bytes[position + offset] == word.utf8Start[offset] else {
        throw failure("a value is missing")
      }
    }
    position += word.utf8CodeUnitCount
    return value
  }

  // MARK: Parts

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ message: String) -> JSONFailure { JSONFailure(message: message, offset: position) }
}
