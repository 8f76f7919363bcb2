import WorkloadSpec

/// What came of an import.
public struct ImportResult: Sendable {
  /// The specs, ordered by name; none if there is an error.
  public var workloads: [ImportedWorkload]
  /// What went wrong, and what is not in the specs as it was in the file.
  public var diagnostics: Diagnostics

  /// All specs as one text of several documents.
  public var text: String { workloads.map(\.text).joined(separator: "---\n") }
}

/// A spec that was made of some services of a compose file.
public struct ImportedWorkload: Sendable {
  /// The name of the workload.
  public let name: String
  /// The spec: one YAML document, with comments in front.
  public var text: String
  /// The workload as a later command reads it, where variables that must be given have a value that fits anywhere.
  public internal(set) var workload: Workload?

  /// Adds a line to the comment in front.
  public mutating func addComment(_ line: String) {
    let first = text.firstIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
    text.insert(contentsOf: "# \(line)\n", at: first)
  }
}
