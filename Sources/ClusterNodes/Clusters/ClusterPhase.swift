/// How a cluster is as a whole.
public enum ClusterPhase: String, Sendable, CaseIterable {
  /// Every node is ready.
  case running
  /// No node runs.
  case stopped
  /// Some of it is ready, or there, and some is not.
  case degraded
  /// Not all of it could be asked.
  case unknown
}
