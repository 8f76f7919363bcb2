import Diagnostics
import Values

/// Diagnostics for programs.
public enum DiagnosticsJSON {
  /// An object with one key, `diagnostics`: a list of objects with the keys `code`, `severity`, `message`,
  /// `file`, `line`, `column` and `help`. What a diagnostic does not have is `null`. Lines and columns count
  /// from 1, columns in Unicode scalars.
  public static func render(_ diagnostics: Diagnostics) -> String {
    CanonicalJSON.pretty(["diagnostics": .list(diagnostics.map(value))])
  }

  /// One diagnostic as an object.
  static func value(_ diagnostic: Diagnostic) -> Value {
    let place = diagnostic.location
    return [
      "code": .string(diagnostic.code.rawValue),
      "severity": .string(diagnostic.severity.rawValue),
      "message": .string(diagnostic.message),
      "file": Value(place?.file.name),
      "line": Value(place?.line),
      "column": Value(place?.column),
      "help": Value(diagnostic.help),
    ]
  }
}
