/// A graph in Graphviz's language.
public enum GraphDOT {
  /// A directed graph: an arrow leads from what comes first to what comes after it; a dashed line has no direction.
  public static func render(_ graph: Graph) -> String {
    var lines = [
      "digraph \(graph.name) {", "  rankdir=LR;", "  node [shape=box, fontname=\"sans-serif\"];",
    ]
    lines += graph.groups.flatMap { group($0, indent: "  ") }
    lines += graph.nodes.map { "  " + node($0) }
    lines += graph.edges.map { edge in
      let ends = "\(quoted(edge.from)) -> \(quoted(edge.to))"
      if edge.isOrder { return "  \(ends);" }
      return "  \(ends) [style=dashed, arrowhead=none, label=\(quoted(edge.label ?? ""))];"
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func group(_ group: Graph.Group, indent: String) -> [String] {
    let inner = indent + "  "
    return ["\(indent)subgraph \(quoted("cluster_" + group.id)) {", "\(inner)label=\(quoted(group.title));"]
      + group.nodes.map { inner + node($0) } + group.groups.flatMap { Self.group($0, indent: inner) }
      + ["\(indent)}"]
  }

  private static func node(_ node: Graph.Node) -> String {
    var traits = ["label=\"\(node.lines.map(escaped).joined(separator: "\\n"))\""]
    var styles: [String] = []
    switch node.shape {
    case .box: break
    case .rounded: styles.append("rounded")
    case .cylinder: traits.append("shape=cylinder")
    case .double: traits.append("peripheries=2")
    }
    if let tone = node.tone {
      styles.append("filled")
      traits += ["fillcolor=\"\(tone.fill)\"", "color=\"\(tone.line)\""]
    }
    if !styles.isEmpty { traits.append("style=\(quoted(styles.joined(separator: ",")))") }
    return "\(quoted(node.id)) [\(traits.joined(separator: ", "))];"
  }

  /// A text in quotes, on one line.
  private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

  private static func escaped(_ text: String) -> String {
    SafeText.line(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}

extension Graph.Tone {
  /// The colour within, which black text is read on, however the drawing's surroundings are coloured.
  var fill: String {
    switch self {
    case .added: "#dafbe1"
    case .changed: "#fff8c5"
    case .removed: "#ffebe9"
    }
  }

  /// The colour of the outline.
  var line: String {
    switch self {
    case .added: "#1a7f37"
    case .changed: "#9a6700"
    case .removed: "#cf222e"
    }
  }
}
