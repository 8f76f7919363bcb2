/// What a node does in its cluster, whatever its scheme calls that.
public enum NodeRole: String, Sendable, CaseIterable {
  /// It holds the cluster's state, or serves its API.
  case controlPlane = "control-plane"
  /// It runs workloads. What is none of the others counts as one, too.
  case worker
  /// It passes connections on to other nodes.
  case loadBalancer = "load-balancer"
  /// It holds images for other nodes.
  case registry
}
