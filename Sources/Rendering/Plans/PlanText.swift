import Planning
import WorkloadSpec

/// A plan for a person who has to agree to it.
///
///     Plan for shop on local (namespace default), from release 4.
///
///       instance 0
///         ↻ restart api
///             ~ env.LOG_LEVEL  "info" → "debug"
///
///       ✓ record the release
///
///     Plan: 1 to restart.
///     Interrupts: api (instance 0).
public enum PlanText {
  /// The whole plan.
  public static func render(_ plan: Plan, style: TextStyle) -> String {
    var sections: [[String]] = []
    if plan.isEmpty {
      sections += notes(plan, style)
      if let volumes = PlanSummary.detachedVolumes(plan) { sections.append([volumes]) }
      sections.append([style.paint(PlanSummary.nothing(plan), .strong)])
    } else {
      sections.append([style.paint(PlanSummary.title(plan), .strong)])
      sections += notes(plan, style)
      sections += body(plan, style)
      if !plan.images.isEmpty { sections.append(PlanSummary.images(plan).map { style.paint($0, .faint) }) }
      if !plan.newPins.isEmpty { sections.append(PlanSummary.pins(plan)) }
      if let volumes = PlanSummary.detachedVolumes(plan) { sections.append([volumes]) }
      sections.append([
        style.paint("Plan: \(PlanSummary.counts(plan)).", .strong), interruptions(plan, style),
      ])
    }
    return sections.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
  }

  private static func interruptions(_ plan: Plan, _ style: TextStyle) -> String {
    style.paint(PlanSummary.interruptions(plan), plan.interruptions.isEmpty ? nil : .warning)
  }

  private static func notes(_ plan: Plan, _ style: TextStyle) -> [[String]] {
    plan.notes.isEmpty ? [] : [DiagnosticsText.brief(plan.notes, style)]
  }

  private static func body(_ plan: Plan, _ style: TextStyle) -> [[String]] {
    var sections: [[String]] = []
    if !plan.workloadChanges.isEmpty {
      sections.append(
        ["  " + style.paint("workload", .strong)]
          + ChangeTable.lines(plan.workloadChanges, indent: 4, showsCauses: true, style))
    }
    sections += body(PlanOutline(plan.actions), plan, style)
    if let heading = PlanSummary.afterPause(plan) {
      sections.append([style.paint(heading, .strong)])
      sections += body(PlanOutline(plan.afterPause), plan, style)
    }
    return sections
  }

  private static func body(_ outline: PlanOutline, _ plan: Plan, _ style: TextStyle) -> [[String]] {
    var sections = outline.blocks.map { block($0, plan, style) }
    for rest in [outline.others, outline.records] where !rest.isEmpty {
      sections.append(rest.flatMap { action($0, plan, indent: 2, style) })
    }
    return sections
  }

  private static func block(_ block: PlanOutline.Block, _ plan: Plan, _ style: TextStyle) -> [String] {
    var lines: [String] = []
    if let whole = block.whole {
      lines = action(whole, plan, indent: 2, style, verb: block.verb(whole))
    } else {
      lines = ["  " + style.paint(block.title, .strong)]
    }
    return lines + block.services.flatMap { action($0, plan, indent: 4, style) }
  }

  private static func action(
    _ action: Action, _ plan: Plan, indent: Int, _ style: TextStyle, verb: String? = nil
  ) -> [String] {
    let space = String(repeating: " ", count: indent)
    // Causes that all changes share are named once.
    let areShared = action.changes.allSatisfy { $0.causes == action.causes }
    let note = areShared ? CauseText.note(action.causes).map { "  " + style.paint($0, .faint) } ?? "" : ""
    let ink = action.kind.ink
    var lines = [
      space + style.paint(action.kind.sign, ink) + " " + style.paint(verb ?? PlanSummary.verb(action), ink)
        + note
    ]
    if let reason = action.reason {
      lines.append(
        space + "    " + style.paint("because \(ReasonText.line(reason, of: plan.key.name))", .faint))
    }
    if !action.alsoRestarts.isEmpty {
      let names = action.alsoRestarts.map { SafeText.line($0) }.joined(separator: ", ")
      lines.append(space + "    " + style.paint("also restarts \(names)", .changed))
    }
    if let services = PlanSummary.reached(action) {
      lines.append(space + "    " + style.paint(services, .faint))
    }
    for service in PlanSummary.made(by: action, in: plan) {
      let isPart = action.makesWorkload
      if isPart { lines.append(space + "    " + style.paint("+ \(SafeText.line(service.name))", ink)) }
      lines += ChangeTable.lines(ServiceFields.list(service), indent: indent + (isPart ? 8 : 4), style)
    }
    return lines + ChangeTable.lines(action.changes, indent: indent + 4, showsCauses: !areShared, style)
  }
}

extension ActionKind {
  /// The colour of the action.
  var ink: Ink {
    switch self {
    case .adopt, .create, .start: .added
    case .update, .stop, .run, .restart, .scale, .replace, .hold: .changed
    case .delete: .removed
    case .record: .faint
    }
  }
}
