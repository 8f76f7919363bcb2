import Diagnostics

/// Says of a workload that it is planned for at its turn.
enum PostponedText {
  /// One sentence, with what stands in the way now.
  static func line(_ name: String, _ error: DiagnosticError) -> String {
    let problem = error.diagnostics.first { $0.severity == .error }?.message ?? "it can't be planned"
    return "\(name) is planned at its turn, after those before it have changed: for now, \(problem)."
  }
}
