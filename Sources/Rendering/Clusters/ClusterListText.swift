import ClusterNodes

/// The clusters of targets for a person.
///
///     CLUSTER  SCHEME  PHASE     READY  ENDPOINT
///     dev      kind    running   3/3    https://127.0.0.1:36443
///     dev-2    k3d     degraded  2/4    https://127.0.0.1:6550
public enum ClusterListText {
  /// A table, a row for each cluster; what could not be asked is not in it.
  ///
  /// - Parameter showsTargets: whether the clusters are of more than one target.
  public static func render(_ targets: [TargetClusters], showsTargets: Bool, style: TextStyle) -> String {
    let rows = targets.flatMap { target in target.clusters.map { (target: target.target, cluster: $0) } }
    guard !rows.isEmpty else { return targets.contains { $0.problem == nil } ? "No clusters.\n" : "" }
    let hasNotes = rows.contains { ClusterWords.note($0.cluster) != nil }
    var table = Table(
      (showsTargets ? ["TARGET"] : []) + ["CLUSTER", "SCHEME", "PHASE", "READY", "ENDPOINT"]
        + (hasNotes ? ["NOTE"] : []))
    for (target, cluster) in rows {
      table.add(
        (showsTargets ? [.init(target)] : [])
          + [
            .init(cluster.id.name), .init(cluster.id.scheme),
            .init(cluster.phase.rawValue, ClusterWords.ink(cluster.phase)),
            .init(ClusterWords.readiness(cluster), cluster.phase == .degraded ? .changed : nil),
            .init(cluster.endpoint ?? ""),
          ] + (hasNotes ? [.init(ClusterWords.note(cluster) ?? "", .warning)] : []))
    }
    return table.text(style)
  }
}
