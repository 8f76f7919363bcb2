import ClusterNodes

/// How a cluster is, for a person.
///
///     dev (kind) on lab: running, 3 of 3 nodes ready
///     API at https://127.0.0.1:36443
public enum ClusterStatusText {
  /// A line for the whole, one for where its API is served, and one for what could not be asked.
  public static func render(_ cluster: Cluster, on target: String, style: TextStyle) -> String {
    let name = SafeText.line("\(cluster.id) on \(target)")
    var text = style.paint(name, .strong) + ": "
    text += style.paint(ClusterWords.summary(cluster), ClusterWords.ink(cluster.phase)) + "\n"
    if let endpoint = cluster.endpoint { text += "API at \(SafeText.line(endpoint))\n" }
    if let note = ClusterWords.note(cluster) { text += style.paint(SafeText.line(note), .warning) + "\n" }
    return text
  }
}

/// The nodes of a cluster for a person.
///
///     NODE               ROLE           STATE    ADDRESSES
///     dev-control-plane  control-plane  running  172.18.0.2
public enum NodeListText {
  /// A table, a row for each node, and a line for each thing that could not be asked.
  public static func render(_ cluster: Cluster, style: TextStyle) -> String {
    let hasLocations = cluster.nodes.contains { $0.location != nil }
    var table = Table(["NODE", "ROLE", "STATE"] + (hasLocations ? ["LOCATION"] : []) + ["ADDRESSES"])
    for node in cluster.nodes {
      table.add(
        [
          .init(node.name), .init(node.role.rawValue),
          .init(node.state.rawValue, ClusterWords.ink(node.state)),
        ] + (hasLocations ? [.init(node.location ?? "")] : [])
          + [.init(node.addresses.joined(separator: ", "))])
    }
    for gap in cluster.gaps { table.add(note: "can't be asked: \(gap)", .warning) }
    return table.text(style)
  }
}
