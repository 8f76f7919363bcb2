import Diagnostics
import Planning
import ProviderKit

/// A workload that a target knows nothing of.
public enum UnknownWorkload {
  /// Makes sure that a target knows a workload: else its name is most likely misspelt.
  ///
  /// - Throws: `DiagnosticError` if it does not, or if the engine or its history can't be read.
  public static func check(_ key: WorkloadKey, on target: String, by reader: any ProviderReader) async throws
  {
    // A history is enough, and is cheaper to read than what the engine has.
    if let head = try? await reader.history.head(of: key), head.release != nil || head.run != nil { return }
    if try await WorkloadLister(reader: reader).workload(key) == nil { throw error(key, on: target) }
  }

  /// What to say of it.
  ///
  /// - Parameter observation: what was seen of it. What could not be looked at may be there, and is no unknown workload.
  public static func error(
    _ key: WorkloadKey, on target: String, given observation: Observation? = nil
  ) -> DiagnosticError {
    if let gaps = observation?.gaps, !gaps.isEmpty {
      return DiagnosticError(
        Diagnostics(
          gaps.map {
            Diagnostic(
              .observationIncomplete, "`\(key.name)` can't be looked at: \($0)",
              help: "fix the named cause and try again")
          }))
    }
    return DiagnosticError(
      Diagnostic(
        .unknownWorkload,
        "there is no workload `\(key.name)` in the namespace `\(key.namespace)` of `\(target)`",
        help: "is it on another target (`-t`) or in another namespace (`-n`)?"))
  }
}
