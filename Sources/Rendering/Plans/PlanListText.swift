import Planning

/// Several plans for people: those that change something whole, and the others in one line.
public enum PlanListText {
  /// The plans in their order, an empty line between two; those with nothing to say are counted at the end.
  public static func render(_ plans: [Plan], style: TextStyle) -> String {
    let quiet = plans.count { $0.isQuiet }
    // One that is unchanged is as well named.
    guard quiet > 1 else { return texts(plans, style).joined(separator: "\n") }
    let rest = "No changes: \(quiet) workloads match their specs.\n"
    return (texts(plans.filter { !$0.isQuiet }, style) + [rest]).joined(separator: "\n")
  }

  private static func texts(_ plans: [Plan], _ style: TextStyle) -> [String] {
    plans.map { PlanText.render($0, style: style) }
  }
}

extension Plan {
  /// Whether there is nothing to do and nothing to tell.
  var isQuiet: Bool { isEmpty && notes.isEmpty && detachedVolumes.isEmpty }
}
