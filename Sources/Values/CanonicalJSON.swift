/// Values as JSON (RFC 8259), always the same bytes for the same value.
///
/// Only what must be escaped is escaped, and always by `\uXXXX` or the short escapes, so that a YAML 1.2
/// reader reads the same value from the text.
public enum CanonicalJSON {
  /// On one line, without spaces.
  public static func compact(_ value: Value) -> String { String(decoding: line(value), as: UTF8.self) }

  /// Indented by two spaces, ending in a line break.
  public static func pretty(_ value: Value) -> String {
    var out: [UInt8] = []
    write(value, into: &out, indent: 0)
    out.append(UInt8(ascii: "\n"))
    return String(decoding: out, as: UTF8.self)
  }

  /// On one line, without spaces, in bytes.
  public static func line(_ value: Value) -> [UInt8] {
    var out: [UInt8] = []
    write(value, into: &out)
    return out
  }

  /// Appends a value on one line.
  public static func write(_ value: Value, into out: inout [UInt8]) {
    write(value, into: &out, indent: nil)
  }

  private static func write(_ value: Value, into out: inout [UInt8], indent: Int?) {
    switch value {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let truth): out.append(contentsOf: (truth ? "true" : "false").utf8)
    case .int(let number): out.append(contentsOf: String(number).utf8)
    case .string(let text): write(text, into: &out)
    case .list(let elements):
      write(elements, between: (UInt8(ascii: "["), UInt8(ascii: "]")), into: &out, indent: indent) {
        write($0, into: &$1, indent: $2)
      }
    case .map(let members):
      write(members, between: (UInt8(ascii: "{"), UInt8(ascii: "}")), into: &out, indent: indent) {
        write($0.key, into: &$1)
        $1.append(UInt8(ascii: ":"))
        if indent != nil { $1.append(UInt8(ascii: " ")) }
        write($0.value, into: &$1, indent: $2)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], between brackets: (UInt8, UInt8), into out: inout [UInt8], indent: Int?,
    element: (Element, inout [UInt8], Int?) -> Void
  ) {
    out.append(brackets.0)
    for (index, item) in elements.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      if let indent { breakLine(indent + 2, into: &out) }
      element(item, &out, indent.map { $0 + 2 })
    }
    if let indent, !elements.isEmpty { breakLine(indent, into: &out) }
    out.append(brackets.1)
  }

  private static func breakLine(_ indent: Int, into out: inout [UInt8]) {
    out.append(UInt8(ascii: "\n"))
    out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
  }

  private static func write(_ text: String, into out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out.append(contentsOf: "\\\"".utf8)
      case "\\": out.append(contentsOf: "\\\\".utf8)
      case "\n": out.append(contentsOf: "\\n".utf8)
      case "\r": out.append(contentsOf: "\\r".utf8)
      case "\t": out.append(contentsOf: "\\t".utf8)
      // Besides what JSON asks for: what YAML takes for a line break or refuses to read.
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
        out.append(contentsOf: "\\u\(Hex.upper(Int(scalar.value), digits: 4))".utf8)
      default: out.append(contentsOf: UTF8.encode(scalar)!)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
