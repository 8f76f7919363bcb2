/// Texts in Mermaid's language.
enum MermaidText {
  /// A text within quotes: what Mermaid, HTML or the Markdown of its labels would take for more stands as an entity.
  static func escaped(_ text: String) -> String {
    let safe = SafeText.line(text)
    // `1. ` and `- ` begin a list, in the place of which some versions of Mermaid show an error.
    let mark = safe.prefixMatch(of: /([0-9]+[.)]|[-+])(?=\s|$)/).map { $0.0.count - 1 }
    var escaped = ""
    var before: Unicode.Scalar = " "
    for (index, scalar) in safe.unicodeScalars.enumerated() {
      switch scalar {
      case "\"", "&", "<", ">", "#", ";", "`", "\\", "*", "~": escaped += "#\(scalar.value);"
      case "_" where !before.properties.isAlphabetic && !("0"..."9").contains(before):
        escaped += "#\(scalar.value);"
      case _ where index == mark: escaped += "#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar)
      }
      before = scalar
    }
    return escaped
  }
}
