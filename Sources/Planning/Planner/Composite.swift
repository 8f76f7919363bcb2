import Diagnostics
import WorkloadSpec

/// The workload that `--service` means: the last release with the named services taken from the spec.
public enum Composite {
  /// Puts services of a spec into the last release. A named service that the spec no longer has is deleted;
  /// what belongs to the workload itself stays as the release has it.
  ///
  /// - Throws: `DiagnosticError` if there is no release, or if a name is in neither.
  public static func workload(spec: Workload, services: Set<String>, release: Workload?) throws -> Workload {
    guard let release else {
      throw DiagnosticError(
        Diagnostic(
          .noRelease, "`\(spec.name)` has no release yet, so there is nothing to put a single service into",
          help: "apply the whole workload first, without `--service`"))
    }
    var result = release
    for name in services.sorted() {
      if let wanted = spec.element(name) {
        result.put(wanted)
      } else if release.element(name) != nil {
        result.removeElement(name)
      } else {
        let known = Set((spec.elements + release.elements).map(\.name)).sorted()
        throw DiagnosticError(
          Diagnostic(
            .unknownService,
            "neither the spec nor the last release of `\(spec.name)` has a service `\(name)`",
            help: Suggestion.help(for: name, among: known)
              ?? "they have \(known.map { "`\($0)`" }.joined(separator: ", "))"))
      }
    }
    return result
  }
}
