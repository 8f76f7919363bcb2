/// The graph of workloads as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.
public enum SpecGraphMermaid {
  /// A flowchart: an arrow leads from what starts first to what waits for it, a dotted line to a volume.
  public static func render(_ graph: SpecGraph) -> String {
    var lines = ["flowchart LR"]
    var ids: [String: String] = [:]
    func node(_ node: SpecGraph.Node) -> String {
      // Names of ours may be words of Mermaid's, such as `end`.
      let id = "n\(ids.count)"
      ids[node.id] = id
      let label = "\"\(node.lines.map(MermaidText.escaped).joined(separator: "<br/>"))\""
      switch node.shape {
      case .element: return "\(id)[\(label)]"
      case .runToEnd: return "\(id)([\(label)])"
      case .volume: return "\(id)[(\(label))]"
      }
    }
    for (number, group) in graph.groups.enumerated() {
      lines.append("  subgraph w\(number)[\"\(MermaidText.escaped(group.title))\"]")
      lines += group.nodes.map { "    " + node($0) }
      lines.append("  end")
    }
    lines += graph.others.map { "  " + node($0) }
    for edge in graph.edges {
      guard let from = ids[edge.from], let to = ids[edge.to] else { continue }
      let label = edge.label.map { "|\"\(MermaidText.escaped($0))\"|" } ?? ""
      lines.append("  \(from) \(edge.isOrder ? "-->" : "-.-")\(label) \(to)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
