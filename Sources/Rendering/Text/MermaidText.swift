/// Texts in Mermaid's language.
enum MermaidText {
  /// A text within quotes: what Mermaid or HTML would take for more stands as an entity.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in SafeText.line(text).unicodeScalars {
      switch scalar {
      case "\"", "&", "<", ">", "#", ";", "`", "\\": escaped += "#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
