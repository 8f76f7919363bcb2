import Values
import YAMLNodes

/// Reads scalars of a ``Tree``.
enum TreeScalar {
  /// The value; `nil` if it was reported.
  static func read(_ node: Node, by decoder: inout SpecDecoder) -> Value? {
    if node.isNull { return .null }
    let written = node.text
    guard let text = decoder.scalar(node, expecting: .string) else { return nil }
    // What is put together from variables is a text; a variable alone is of its own type.
    guard node.isPlain, text == written || decoder.interpolation?.isTyped(written) == true else {
      return .string(text)
    }
    if text == "true" || text == "false" { return .bool(text == "true") }
    if let number = Int64(text), String(number) == text { return .int(number) }
    guard let problem = problem(with: text) else { return .string(text) }
    decoder.report(.badInteger, problem.message, at: node, help: problem.help)
    return nil
  }

  /// What is wrong with a plain text that some reader of YAML takes for something else than a text.
  private static func problem(with text: String) -> (message: String, help: String)? {
    let quotes = "write it in quotes if a text is meant"
    if ["true", "false", "yes", "no", "on", "off"].contains(text.lowercased()) {
      return (
        "some readers of YAML take `\(text)` for a truth value, and some for a text",
        "\(quotes), or `true` or `false`"
      )
    }
    var digits = Substring(text)
    if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
    guard let first = digits.utf8.first,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || first == UInt8(ascii: ".")
    else { return nil }
    if digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      return digits.first == "0" && digits.count > 1
        ? (
          "`\(text)` starts with a zero, which some readers of YAML take for an octal number",
          "\(quotes), or a decimal number"
        )
        : ("`\(text)` is no number that every reader takes alike", "\(quotes), or digits up to \(Int64.max)")
    }
    if digits.allSatisfy({ "0123456789_".contains($0) }) || isInAnotherBase(digits) {
      return (
        "some readers of YAML take `\(text)` for a number, and some for a text",
        "\(quotes), or a decimal number"
      )
    }
    let isNumber = digits.allSatisfy { "0123456789+-.eE".contains($0) } && Double(text) != nil
    guard isNumber || [".inf", ".nan"].contains(digits.lowercased())
    else { return nil }
    return (
      "`\(text)` is a number with a fraction or an exponent", "\(quotes), or a whole number of a smaller unit"
    )
  }

  private static func isInAnotherBase(_ digits: Substring) -> Bool {
    let lower = digits.lowercased()
    return ["0x", "0o", "0b"].contains { lower.hasPrefix($0) }
      && lower.dropFirst(2).allSatisfy { $0.isHexDigit || $0 == "_" } && lower.count > 2
  }
}
