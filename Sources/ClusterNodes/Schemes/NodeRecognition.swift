/// Something on a container engine that may be a node.
public struct NodeCandidate: Sendable {
  /// The name of the container.
  public let name: String
  /// The labels that the engine reports of the container.
  public let labels: [String: String]

  public init(name: String, labels: [String: String] = [:]) {
    self.name = name
    self.labels = labels
  }
}

/// What makes something a node.
public struct NodeMembership: Sendable, Equatable {
  /// The cluster that the container is a node of.
  public let cluster: ClusterID
  /// What it does there, as its scheme calls it.
  public let rawRole: String

  public init(cluster: ClusterID, rawRole: String) {
    self.cluster = cluster
    self.rawRole = rawRole
  }
}

/// Tells the nodes of clusters by their labels, and by their names where they have none.
public enum NodeRecognition {
  /// What each of the candidates is a part of; `nil` for one that is no node.
  ///
  /// A name may look like that of a node and be none, so that all candidates are looked at together: what has
  /// labels of something else is no node, and without its anchor there is no cluster.
  public static func memberships(of candidates: [NodeCandidate]) -> [NodeMembership?] {
    let byLabels = candidates.map(membership(byLabels:))
    let named = zip(candidates, byLabels).map { $1 == nil ? membership(byName: $0) : nil }
    let anchored = Set(
      byLabels.compactMap { $0?.cluster }
        + named.compactMap { member in
          guard let member else { return nil }
          let anchor = NodeScheme.named(member.cluster.scheme)?.anchor
          return anchor == nil || anchor == member.rawRole ? member.cluster : nil
        })
    return zip(byLabels, named).map { label, name in
      label ?? name.flatMap { anchored.contains($0.cluster) ? $0 : nil }
    }
  }

  /// The cluster that something which is no node carries the labels of.
  public static func cluster(ofBelonging labels: [String: String]) -> ClusterID? {
    guard !ComposeLabel.ofParts.contains(where: { labels[$0] != nil }) else { return nil }
    return NodeScheme.all.lazy.compactMap { scheme in
      scheme.cluster(ofLabels: labels).map { ClusterID(scheme: scheme.name, name: $0) }
    }.first
  }

  private static func membership(byLabels candidate: NodeCandidate) -> NodeMembership? {
    for scheme in NodeScheme.all {
      guard let name = scheme.cluster(ofLabels: candidate.labels) else { continue }
      let cluster = ClusterID(scheme: scheme.name, name: name)
      if let roleLabel = scheme.roleLabel {
        let raw =
          candidate.labels[roleLabel]
          ?? scheme.names.first { $0.cluster(ofName: candidate.name) == name }?.raw
        return NodeMembership(cluster: cluster, rawRole: raw ?? "")
      }
      // The label is compose's. What compose itself made is a node only if its name is that of one.
      guard candidate.labels[ComposeLabel.service] == nil, let label = scheme.clusterLabel else { continue }
      let stem = label.prefix + name + "-"
      guard candidate.name.hasPrefix(stem), candidate.name.count > stem.count else { continue }
      return NodeMembership(cluster: cluster, rawRole: String(candidate.name.dropFirst(stem.count)))
    }
    return nil
  }

  /// Those first whose names can't be taken for others': `vcluster.cp.a-worker` is no worker of kind.
  private static let byNames =
    NodeScheme.all.filter { $0.anchor == nil } + NodeScheme.all.filter { $0.anchor != nil }

  private static func membership(byName candidate: NodeCandidate) -> NodeMembership? {
    for scheme in byNames {
      for rule in scheme.names {
        guard let name = rule.cluster(ofName: candidate.name) else { continue }
        // It says itself that it is part of something else.
        if let project = candidate.labels[ComposeLabel.project],
          project != scheme.clusterLabel.map({ $0.prefix + name })
            || scheme.clusterLabel?.key != ComposeLabel.project
        {
          continue
        }
        return NodeMembership(cluster: ClusterID(scheme: scheme.name, name: name), rawRole: rule.raw)
      }
    }
    return nil
  }
}

/// The labels by which docker compose knows what it made.
private enum ComposeLabel {
  static let project = "com.docker.compose.project"
  static let service = "com.docker.compose.service"
  /// What only compose itself writes on what it makes besides containers.
  static let ofParts = ["com.docker.compose.network", "com.docker.compose.volume"]
}
