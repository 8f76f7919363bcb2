import Values

/// Values as YAML in block style, always the same bytes for the same value.
///
/// A text is written without quotes only where every YAML reader takes it for a text, and over several lines
/// where it has several.
public enum CanonicalYAML {
  /// One document, ending in a line break.
  public static func document(_ value: Value) -> String {
    var out = ""
    switch value {
    case .map(let members) where !members.isEmpty: write(members, indent: 0, into: &out)
    case .list(let elements) where !elements.isEmpty: write(elements, indent: 0, into: &out)
    default:
      // A line of a text that is not indented could end the document.
      writeScalar(value, indent: 2, into: &out)
      out += "\n"
    }
    return out
  }

  private static func write(_ members: [Value.Member], indent: Int, into out: inout String) {
    for (index, member) in members.enumerated() {
      // The first key of a list's element stands on the line of its `-`.
      if index > 0 || out.isEmpty || out.utf8.last == UInt8(ascii: "\n") { pad(indent, into: &out) }
      out += plainOrQuoted(member.key) + ":"
      switch member.value {
      case .map(let inner) where !inner.isEmpty:
        out += "\n"
        write(inner, indent: indent + 2, into: &out)
      case .list(let inner) where !inner.isEmpty:
        out += "\n"
        write(inner, indent: indent + 2, into: &out)
      default:
        out += " "
        writeScalar(member.value, indent: indent + 2, into: &out)
        out += "\n"
      }
    }
  }

  private static func write(_ elements: [Value], indent: Int, into out: inout String) {
    for element in elements {
      pad(indent, into: &out)
      switch element {
      case .map(let members) where !members.isEmpty:
        out += "- "
        write(members, indent: indent + 2, into: &out)
      case .list(let inner) where !inner.isEmpty:
        out += "-\n"
        write(inner, indent: indent + 2, into: &out)
      default:
        out += "- "
        writeScalar(element, indent: indent + 2, into: &out)
        out += "\n"
      }
    }
  }

  private static func writeScalar(_ value: Value, indent: Int, into out: inout String) {
    switch value {
    case .string(let text):
      if let block = block(text, indent: indent) { out += block } else { out += plainOrQuoted(text) }
    case .null, .bool, .int, .list, .map: out += CanonicalJSON.compact(value)
    }
  }

  private static func pad(_ count: Int, into out: inout String) {
    out += String(repeating: " ", count: count)
  }

  // MARK: Texts

  private static func plainOrQuoted(_ text: String) -> String {
    isPlain(text) ? text : CanonicalJSON.compact(.string(text))
  }

  /// Words that some YAML reader does not take for text.
  private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    let startsRight = isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "_")
    guard startsRight, last != UInt8(ascii: ":"), last != UInt8(ascii: " ") else { return false }
    guard text.utf8.allSatisfy({ isLetter($0) || "0123456789/_.:@+=- ".utf8.contains($0) }) else {
      return false
    }
    return !text.contains(": ") && !words.contains(text.lowercased())
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
  }

  /// A text of several lines as a block, if it can be one without signs of its own for indentation.
  private static func block(_ text: String, indent: Int) -> String? {
    let newline = UInt8(ascii: "\n")
    guard text.utf8.dropLast().contains(newline), let first = text.utf8.first, first != newline else {
      return nil
    }
    let endsInBreak = text.utf8.last == newline
    let body = endsInBreak ? text.dropLast() : text[...]
    guard body.utf8.last != newline else { return nil }
    let isClean = text.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || (scalar.value >= 0x20 && scalar.value < 0x7F)
        || (scalar.value >= 0xA0 && scalar.value < 0x2028) || (scalar.value > 0x2029 && scalar.value < 0xD800)
        || (scalar.value >= 0xE000 && scalar.value < 0xFEFF) || scalar.value >= 0x10000
    }
    guard isClean else { return nil }
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
    // An indented first line would be taken for deeper indentation, an indented empty one for an empty one.
    guard lines[0].first != " ", lines.allSatisfy({ $0.isEmpty || $0.contains { $0 != " " } }) else {
      return nil
    }
    let padding = String(repeating: " ", count: indent)
    let padded = lines.map { $0.isEmpty ? "" : padding + $0 }.joined(separator: "\n")
    return (endsInBreak ? "|\n" : "|-\n") + padded
  }
}
