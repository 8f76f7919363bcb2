/// What is done with a cluster.
public enum ClusterOperation: String, Sendable, CaseIterable {
  case start
  case stop
  case delete
}
