/// The escapes of a double-quoted value in an environment file, which are not quite those of a shell.
enum EnvironmentEscapes {
  /// The text with its escapes read; what is none stays as it is, with its backslash.
  ///
  /// A `\$` becomes `$$`, so that no variable is read there afterwards.
  static func read(_ text: [Unicode.Scalar]) -> String {
    var result = String.UnicodeScalarView()
    var rest = text[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let next = rest.first else {
        result.append(scalar)
        continue
      }
      if next == "$" {
        rest.removeFirst()
        result.append(contentsOf: "$$".unicodeScalars)
      } else if let sign = signs[next] {
        rest.removeFirst()
        result.append(sign)
      } else if next == "0" {
        rest.removeFirst()
        octal(&rest, &result)
      } else {
        // What follows may begin an escape only if it is a backslash, and then it is one of its own.
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static let signs: [Unicode.Scalar: Unicode.Scalar] = [
    "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}",
    "\"": "\"", "\\": "\\",
  ]

  /// `\0` with three octal digits is a character by its number; with fewer, or a higher number, only the `0` goes.
  private static func octal(
    _ rest: inout ArraySlice<Unicode.Scalar>, _ result: inout String.UnicodeScalarView
  ) {
    let digits = rest.prefix(3).prefix { ("0"..."9").contains($0) }
    rest = rest[digits.endIndex...]
    let text = String(String.UnicodeScalarView(digits))
    if digits.count == 3, let number = UInt8(text, radix: 8) {
      result.append(Unicode.Scalar(number))
    } else {
      result.append("\\")
      result.append(contentsOf: digits)
    }
  }
}
