/// The graph of workloads in Graphviz's language.
public enum SpecGraphDOT {
  /// A directed graph: an arrow leads from what starts first to what waits for it, a dashed line to a volume.
  public static func render(_ graph: SpecGraph) -> String {
    var lines = ["digraph spec {", "  rankdir=LR;", "  node [shape=box, fontname=\"sans-serif\"];"]
    for group in graph.groups {
      lines.append("  subgraph \(DOTText.quoted("cluster_" + group.id)) {")
      lines.append("    label=\(DOTText.quoted(group.title));")
      lines += group.nodes.map { "    " + node($0) }
      lines.append("  }")
    }
    lines += graph.others.map { "  " + node($0) }
    lines += graph.edges.map { edge in
      let ends = "\(DOTText.quoted(edge.from)) -> \(DOTText.quoted(edge.to))"
      if edge.isOrder { return "  \(ends);" }
      return "  \(ends) [style=dashed, arrowhead=none, label=\(DOTText.quoted(edge.label ?? ""))];"
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func node(_ node: SpecGraph.Node) -> String {
    let label = DOTText.quoted(node.lines)
    switch node.shape {
    case .element: return "\(DOTText.quoted(node.id)) [label=\(label)];"
    case .runToEnd: return "\(DOTText.quoted(node.id)) [label=\(label), style=rounded];"
    case .volume: return "\(DOTText.quoted(node.id)) [label=\(label), shape=cylinder];"
    }
  }
}

/// Texts in Graphviz's language.
enum DOTText {
  /// A text in quotes, on one line.
  static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

  /// Lines in quotes, each on a line of its own.
  static func quoted(_ lines: [String]) -> String {
    "\"\(lines.map(escaped).joined(separator: "\\n"))\""
  }

  private static func escaped(_ text: String) -> String {
    SafeText.line(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
