import ClusterNodes
import Diagnostics

/// What a target answered when it was asked for its clusters.
public struct TargetClusters: Sendable {
  /// The name of the target.
  public let target: String
  /// Its clusters, in order; empty if it could not be asked.
  public let clusters: [Cluster]
  /// Why it could not be asked; `nil` if it could.
  public let problem: Diagnostic?

  /// A target that was asked.
  public init(target: String, clusters: [Cluster]) {
    self.target = target
    self.clusters = clusters
    problem = nil
  }

  /// A target that could not be asked.
  public init(target: String, problem: Diagnostic) {
    self.target = target
    clusters = []
    self.problem = problem
  }
}
