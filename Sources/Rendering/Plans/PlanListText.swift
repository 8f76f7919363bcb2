import Planning

/// Several plans for people: those that change something whole, the others in one line, and at the end what all of them do.
public enum PlanListText {
  /// The plans in their order, an empty line between two; those with nothing to say are counted at the end.
  public static func render(_ plans: [Plan], style: TextStyle) -> String {
    let quiet = plans.count { $0.isQuiet }
    let end = summary(of: plans, quiet: quiet, style)
    let texts = told(plans, quiet: quiet).map { PlanText.render($0, style: style) }
    return (texts + (end.isEmpty ? [] : [end])).joined(separator: "\n")
  }

  /// Those that are shown one by one: one that is unchanged is as well named.
  static func told(_ plans: [Plan], quiet: Int) -> [Plan] {
    quiet > 1 ? plans.filter { !$0.isQuiet } : plans
  }

  /// What stands below the plans; empty where a single one says all.
  static func summary(of plans: [Plan], quiet: Int, _ style: TextStyle) -> String {
    var lines: [String] = []
    if plans.count(where: { !$0.isEmpty }) > 1, let counts = PlanListSummary.counts(of: plans) {
      let interruptions = PlanListSummary.interruptions(of: plans) { SafeText.line($0) }
      let interruptsNothing = plans.allSatisfy(\.interruptions.isEmpty)
      lines += [
        style.paint("\(counts).", .strong), style.paint(interruptions, interruptsNothing ? nil : .warning),
      ]
      if let order = PlanListSummary.order(of: plans, name: { SafeText.line($0) }) { lines.append(order) }
    }
    if quiet > 1 { lines.append("No changes: \(quiet) workloads match their specs.") }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension Plan {
  /// Whether there is nothing to do and nothing to tell.
  var isQuiet: Bool { isEmpty && notes.isEmpty && detachedVolumes.isEmpty }
}
