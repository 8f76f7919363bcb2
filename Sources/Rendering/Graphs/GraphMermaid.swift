/// A graph as a Mermaid flowchart, which GitHub, GitLab, Gitea and Forgejo draw in Markdown.
public enum GraphMermaid {
  /// A flowchart: an arrow leads from what comes first to what comes after it; a dotted line has no direction.
  public static func render(_ graph: Graph) -> String {
    var writer = Writer()
    for group in graph.groups { writer.add(group, indent: "  ") }
    for node in graph.nodes { writer.add(node, indent: "  ") }
    for edge in graph.edges { writer.add(edge) }
    for tone in Graph.Tone.allCases where writer.tones.contains(tone) {
      writer.lines.append(
        "  classDef \(tone.rawValue) fill:\(tone.fill),stroke:\(tone.line),color:#1f2328")
    }
    return writer.lines.joined(separator: "\n") + "\n"
  }

  private struct Writer {
    var lines = ["flowchart LR"]
    /// The colours that are in use.
    var tones: Set<Graph.Tone> = []
    // Names of ours may be words of Mermaid's, such as `end`.
    private var ids: [String: String] = [:]
    private var groups = 0

    mutating func add(_ group: Graph.Group, indent: String) {
      lines.append("\(indent)subgraph g\(groups)[\"\(MermaidText.escaped(group.title))\"]")
      groups += 1
      for node in group.nodes { add(node, indent: indent + "  ") }
      for inner in group.groups { add(inner, indent: indent + "  ") }
      lines.append("\(indent)end")
    }

    mutating func add(_ node: Graph.Node, indent: String) {
      let id = "n\(ids.count)"
      ids[node.id] = id
      let label = "\"\(node.lines.map(MermaidText.escaped).joined(separator: "<br/>"))\""
      let shape =
        switch node.shape {
        case .box: "[\(label)]"
        case .rounded: "([\(label)])"
        case .cylinder: "[(\(label))]"
        case .double: "[[\(label)]]"
        }
      if let tone = node.tone { tones.insert(tone) }
      lines.append("\(indent)\(id)\(shape)\(node.tone.map { ":::\($0.rawValue)" } ?? "")")
    }

    mutating func add(_ edge: Graph.Edge) {
      guard let from = ids[edge.from], let to = ids[edge.to] else { return }
      let label = edge.label.map { "|\"\(MermaidText.escaped($0))\"|" } ?? ""
      lines.append("  \(from) \(edge.isOrder ? "-->" : "-.-")\(label) \(to)")
    }
  }
}
