import Diagnostics
import YAMLNodes

/// What came of reading workloads.
public struct LoadResult: Sendable {
  /// The workloads that can be used, ordered by name. One that has an error is not among them.
  public let workloads: [LoadedWorkload]
  /// What was found wrong, in the order in which a reader meets it.
  public let diagnostics: Diagnostics
}

/// A workload with where it came from.
public struct LoadedWorkload: Sendable {
  /// The workload, variables filled in.
  public let workload: Workload
  /// Its document, layers merged, each node with the place that it came from.
  public let root: Node
  /// The paths of the files that it came from, in the order in which they were given.
  public let files: [String]
  /// What engines declare, which it was read by.
  let engines: [EngineFields]
}
