import WorkloadSpec

/// What came of an import.
public struct ImportResult: Sendable {
  /// The specs, ordered by name; none if there is an error.
  public let workloads: [ImportedWorkload]
  /// What went wrong, and what is not in the specs as it was in the file.
  public let diagnostics: Diagnostics

  /// All specs as one text of several documents.
  public var text: String { workloads.map(\.text).joined(separator: "---\n") }
}

/// A spec that was made of some services of a compose file.
public struct ImportedWorkload: Sendable {
  /// The name of the workload.
  public let name: String
  /// The spec: one YAML document, with comments in front.
  public let text: String
}
