import Diagnostics

/// Diagnostics for a person: what is wrong, the line where it is with carets under it, and what to do.
///
///     error[E0202]: a service has no key `imgae`
///       --> shop.yaml:12:5
///        |
///     12 |     imgae: nginx
///        |     ^^^^^
///        = help: did you mean `image`?
///
///     1 error
public enum DiagnosticsText {
  /// All diagnostics in their order, and a line that counts them; empty if there are none.
  public static func render(_ diagnostics: Diagnostics, style: TextStyle) -> String {
    guard !diagnostics.isEmpty else { return "" }
    var lines = SourceLines()
    var text = ""
    for diagnostic in diagnostics { text += render(diagnostic, style, &lines) + "\n" }
    return text + summary(of: diagnostics, style: style) + "\n"
  }

  /// How many there are: `2 errors, 1 warning`.
  public static func summary(of diagnostics: Diagnostics, style: TextStyle) -> String {
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    var parts: [String] = []
    if errors > 0 { parts.append(style.paint(Words.count(errors, "error"), .error)) }
    if warnings > 0 { parts.append(style.paint(Words.count(warnings, "warning"), .warning)) }
    return parts.joined(separator: ", ")
  }

  /// The lines of diagnostics that are told beside something else: without the places that they point to.
  static func brief(_ diagnostics: Diagnostics, _ style: TextStyle) -> [String] {
    diagnostics.flatMap { diagnostic in
      [head(of: diagnostic, style)] + (diagnostic.help.map { ["  = help: \(SafeText.line($0))"] } ?? [])
    }
  }

  /// What stands in front of a message: `error[E0202]: `.
  static func head(of diagnostic: Diagnostic, _ style: TextStyle) -> String {
    let ink: Ink = diagnostic.severity == .error ? .error : .warning
    return style.paint("\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]", ink)
      + style.paint(": \(SafeText.line(diagnostic.message))", .strong)
  }

  private static func render(
    _ diagnostic: Diagnostic, _ style: TextStyle, _ lines: inout SourceLines
  ) -> String {
    var text = head(of: diagnostic, style) + "\n"
    let places = [diagnostic.location].compactMap(\.self) + diagnostic.related.map(\.location)
    let gutter = places.reduce(0) { max($0, String($1.line).count) }
    func margin(_ number: Int?) -> String {
      let digits = number.map(String.init) ?? ""
      return style.paint(String(repeating: " ", count: gutter - digits.count) + digits + " |", .guide)
    }
    func snippet(_ place: SourceLocation, arrow: String, mark: Character, label: String, _ ink: Ink) -> String
    {
      let file = SafeText.line(place.file.name)
      var text = String(repeating: " ", count: gutter) + style.paint(arrow, .guide)
      text += " \(file):\(place.line):\(place.column)\n"
      let excerpt = SourceExcerpt(
        line: lines.line(place.line, of: place.file), column: place.column, length: place.length,
        limit: style.width > 0 ? max(20, style.width - gutter - 3) : 0)
      let marks = String(repeating: mark, count: excerpt.width) + (label.isEmpty ? "" : " \(label)")
      text += margin(nil) + "\n"
      text += margin(place.line) + (excerpt.text.isEmpty ? "" : " \(excerpt.text)") + "\n"
      text += margin(nil) + String(repeating: " ", count: excerpt.indent + 1) + style.paint(marks, ink) + "\n"
      return text
    }
    if let place = diagnostic.location {
      let ink: Ink = diagnostic.severity == .error ? .error : .warning
      text += snippet(place, arrow: "-->", mark: "^", label: "", ink)
    }
    for related in diagnostic.related {
      text += snippet(
        related.location, arrow: ":::", mark: "-", label: SafeText.line(related.message), .guide)
    }
    if let help = diagnostic.help {
      let indent = gutter > 0 ? String(repeating: " ", count: gutter + 1) : "  "
      text += indent + style.paint("=", .guide) + style.paint(" help", .strong) + ": \(SafeText.line(help))\n"
    }
    return text
  }
}
