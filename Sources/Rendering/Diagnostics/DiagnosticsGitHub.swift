import Diagnostics

/// Diagnostics as workflow commands of GitHub Actions, which become notes on the lines of a pull request.
public enum DiagnosticsGitHub {
  /// One command on a line of its own for each diagnostic.
  ///
  /// - Parameter path: names a file as the repository has it.
  public static func render(_ diagnostics: Diagnostics, path: (String) -> String = { $0 }) -> String {
    diagnostics.map { command($0, path) + "\n" }.joined()
  }

  /// A command that notes something at no line.
  static func note(_ level: String, title: String, _ message: String) -> String {
    "::\(level) title=\(property(title))::\(data(message))\n"
  }

  private static func command(_ diagnostic: Diagnostic, _ path: (String) -> String) -> String {
    var properties: [String] = []
    if let place = diagnostic.location {
      properties = [
        "file=\(property(path(place.file.name)))", "line=\(place.line)", "col=\(place.column)",
        "endColumn=\(place.column + place.length)",
      ]
    }
    properties.append("title=\(diagnostic.code.rawValue)")
    let message = diagnostic.message + (diagnostic.help.map { "\n\($0)" } ?? "")
    return "::\(diagnostic.severity.rawValue) \(properties.joined(separator: ","))::\(data(message))"
  }

  /// The escapes that the commands' own reader takes back.
  private static func data(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": escaped += "%25"
      case "\r": escaped += "%0D"
      case "\n": escaped += "%0A"
      default: escaped += SafeText.shown(scalar)
      }
    }
    return escaped
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
