import Planning

/// The order of a plan's actions as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.
public enum PlanGraphMermaid {
  /// More actions than these make no picture that helps.
  private static let limit = 40

  /// A flowchart: an arrow leads from an action to one that waits for it. `nil` where it would tell nothing: of few actions, of
  /// too many, and where none waits for another.
  public static func render(_ plan: Plan) -> String? {
    let actions = plan.actions.filter(\.kind.isPerformed)
    let ids = Set(actions.map(\.id))
    guard (3...limit).contains(actions.count), actions.contains(where: { !ids.isDisjoint(with: $0.after) })
    else { return nil }
    return render(actions)
  }

  /// A flowchart of some actions, however many.
  static func render(_ actions: [Action]) -> String {
    var names: [ActionID: String] = [:]
    for (index, action) in actions.enumerated() { names[action.id] = "a\(index)" }
    var lines = ["flowchart LR"]
    for action in actions {
      let place = action.subject.service == nil ? nil : action.subject.instance.map { "instance \($0)" }
      let text = ([action.kind.sign.description + " " + PlanSummary.verb(action), place] as [String?])
        .compactMap(\.self)
      let label = text.map(MermaidText.escaped).joined(separator: "<br/>")
      let (open, close) = action.isInterruption ? ("[[", "]]") : ("[", "]")
      lines.append("  \(names[action.id] ?? "")\(open)\"\(label)\"\(close)")
    }
    for action in actions {
      for before in action.after {
        guard let from = names[before], let to = names[action.id] else { continue }
        lines.append("  \(from) --> \(to)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
