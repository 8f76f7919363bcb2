import Planning
import Values

/// Several plans for people, in the log of a job.
public enum PlanListLog {
  /// The plans as ``PlanListText`` has them: where several change something, each of these is folded behind what it does.
  public static func render(
    _ plans: [Plan], style: TextStyle, in log: PipelineLog, at now: Timestamp
  ) -> String {
    guard plans.count(where: { !$0.isEmpty }) > 1 else {
      return PipelineText.guarded(PlanListText.render(plans, style: style))
    }
    let quiet = plans.count { $0.isQuiet }
    let texts = PlanListText.told(plans, quiet: quiet).enumerated().map { index, plan in
      let text = PlanText.render(plan, style: style)
      if plan.isEmpty { return PipelineText.guarded(text) }
      let title = "\(plan.key.name): \(PlanSummary.counts(plan)). \(PlanSummary.interruptions(plan))"
      return log.folded(text, title: title, id: index, at: now)
    }
    return texts.joined() + "\n" + PipelineText.guarded(PlanListText.summary(of: plans, quiet: quiet, style))
  }
}
