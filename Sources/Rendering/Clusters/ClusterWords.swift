import ClusterNodes

/// The words for clusters that lists and statuses share.
enum ClusterWords {
  /// `3/4`; with a question mark for what is not known.
  static func readiness(_ cluster: Cluster) -> String {
    "\(cluster.ready.map { "\($0)" } ?? "?")/\(cluster.total.map { "\($0)" } ?? "?")"
  }

  /// `running, 3 of 4 nodes ready`
  static func summary(_ cluster: Cluster) -> String {
    let phase = cluster.phase.rawValue
    guard let total = cluster.total else { return "\(phase), how many nodes there are can't be said" }
    guard let ready = cluster.ready else {
      return "\(phase), \(Words.count(total, "node")), how many are ready can't be said"
    }
    return "\(phase), \(ready) of \(Words.count(total, "node")) ready"
  }

  /// `2 networks and 1 volume`; empty if nothing is there.
  static func belongings(_ belongings: [Belonging]) -> String {
    Belonging.Kind.allCases.compactMap { kind in
      let count = belongings.count { $0.kind == kind }
      return count == 0 ? nil : Words.count(count, kind.rawValue)
    }.joined(separator: " and ")
  }

  /// What is to be known of a cluster besides; `nil` if nothing is.
  static func note(_ cluster: Cluster) -> String? {
    if !cluster.gaps.isEmpty { return "can't be asked: \(cluster.gaps.joined(separator: ", "))" }
    return cluster.nodes.isEmpty ? "no nodes, only \(belongings(cluster.belongings))" : nil
  }

  static func ink(_ phase: ClusterPhase) -> Ink? {
    switch phase {
    case .running: .added
    case .stopped: .faint
    case .degraded: .changed
    case .unknown: .removed
    }
  }

  static func ink(_ state: NodeState) -> Ink? {
    switch state {
    case .running: .added
    case .stopped: .faint
    case .starting, .stopping, .paused, .deleting: .changed
    case .failed, .unknown: .removed
    }
  }
}
