import Diagnostics
import Values

/// Diagnostics as a Code Quality report of GitLab, which become notes on the lines of a merge request.
public enum DiagnosticsGitLab {
  /// A list of findings. A finding keeps its fingerprint when lines are added above it.
  ///
  /// - Parameter path: names a file as the repository has it.
  public static func render(_ diagnostics: Diagnostics, path: (String) -> String = { $0 }) -> String {
    var seen: [String: Int] = [:]
    return CanonicalJSON.pretty(
      .list(
        diagnostics.map { diagnostic in
          let path = diagnostic.location.map { path($0.file.name) } ?? "."
          let identity = "\(diagnostic.code.rawValue)\u{0}\(path)\u{0}\(diagnostic.message)"
          seen[identity, default: 0] += 1
          let help = diagnostic.help.map { ": \($0)" } ?? ""
          return [
            "description": .string(diagnostic.message + help),
            "check_name": .string(diagnostic.code.rawValue),
            "fingerprint": .string(StableHash.text(of: "\(identity)\u{0}\(seen[identity] ?? 0)")),
            "severity": diagnostic.severity == .error ? "critical" : "minor",
            "location": ["path": .string(path), "lines": ["begin": Value(diagnostic.location?.line ?? 1)]],
          ]
        }))
  }
}
