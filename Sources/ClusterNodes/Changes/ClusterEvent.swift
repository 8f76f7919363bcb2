/// What happens while a cluster is changed.
public enum ClusterEvent: Sendable {
  /// Something is begun.
  case begun(ClusterItem)
  /// Something is over, or was not begun.
  case ended(ItemEnd)
}
