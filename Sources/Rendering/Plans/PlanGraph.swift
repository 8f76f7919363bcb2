import Planning

/// The order of a plan's actions as a graph in Graphviz's language.
public enum PlanGraph {
  /// A directed graph: an arrow leads from an action to one that waits for it.
  public static func render(_ plan: Plan) -> String {
    let outline = PlanOutline(plan.actions)
    var lines = [
      "digraph plan {", "  rankdir=LR;", "  node [shape=box, fontname=\"sans-serif\"];",
      "  label=\(DOTText.quoted(PlanSummary.title(plan)));",
    ]
    var order: [InstanceID] = []
    for action in plan.actions {
      if let instance = action.subject.instance, !order.contains(instance) { order.append(instance) }
    }
    for instance in order {
      lines.append("  subgraph \(DOTText.quoted("cluster_\(instance)")) {")
      lines.append("    label=\(DOTText.quoted("instance \(instance)"));")
      lines += plan.actions.filter { $0.subject.instance == instance }.map { "    " + node($0) }
      lines.append("  }")
    }
    lines += (outline.others + outline.records).map { "  " + node($0) }
    for action in plan.actions {
      lines += action.after.map {
        "  \(DOTText.quoted($0.description)) -> \(DOTText.quoted(action.id.description));"
      }
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func node(_ action: Action) -> String {
    let label = "\(action.kind.sign) \(PlanSummary.verb(action))"
    let style = action.isInterruption ? ", style=bold" : ""
    return "\(DOTText.quoted(action.id.description)) [label=\(DOTText.quoted(label))\(style)];"
  }
}
