import Diagnostics

/// What a diagnostic's code means, for a person: what is wrong and why it is, with an example of it done wrong
/// and done right.
public enum ExplainText {
  /// The codes with their titles, a line each.
  public static func renderList(style: TextStyle) -> String {
    DiagnosticCode.allCases.map { code in
      let ink: Ink = code.severity == .error ? .error : .warning
      return "\(style.paint(code.rawValue, ink))  \(code.title)\n"
    }.joined()
  }

  /// What the catalogue tells of a code, wrapped to the width of the style, or to 100 columns.
  public static func render(_ code: DiagnosticCode, style: TextStyle) -> String {
    render(code, DiagnosticCatalogue.entry(for: code), style: style)
  }

  static func render(_ code: DiagnosticCode, _ entry: DiagnosticEntry, style: TextStyle) -> String {
    let ink: Ink = code.severity == .error ? .error : .warning
    var text =
      style.paint("\(code.severity.rawValue)[\(code.rawValue)]", ink)
      + style.paint(": \(entry.title)", .strong)
    text += "\n"
    let width = min(100, style.width > 0 ? max(30, style.width) : 100)
    for paragraph in paragraphs(entry.explanation) { text += "\n" + wrapped(paragraph, to: width) }
    return text + example("Wrong:", entry.wrong, .removed, style)
      + example("Right:", entry.right, .added, style)
  }

  private static func example(_ title: String, _ source: String, _ ink: Ink, _ style: TextStyle) -> String {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let end = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
    return "\n" + style.paint(title, ink) + "\n\n"
      + lines[..<end].map { $0.isEmpty ? "\n" : "    \(SafeText.line($0))\n" }.joined()
  }

  private static func paragraphs(_ text: String) -> [String] {
    var paragraphs = [""]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy({ $0 == " " }) {
        paragraphs.append("")
      } else {
        paragraphs[paragraphs.count - 1] += "\(line) "
      }
    }
    return paragraphs.filter { !$0.isEmpty }
  }

  /// Words on lines of at most so many columns; a longer word has a line of its own.
  private static func wrapped(_ paragraph: String, to width: Int) -> String {
    var lines: [String] = []
    for word in paragraph.split(separator: " ").map({ SafeText.line($0) }) {
      if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(word) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
