import Planning
import WorkloadSpec

/// What stands above the plans of a review.
enum ReviewHeading {
  /// The marker by which a bot finds its own comment, and what all plans do together.
  ///
  /// - Parameter told: how many plans are shown; the one line of a single one says all.
  static func lines(_ review: PlanReview, told: Int) -> [String] {
    let marker =
      review.id == nil
      ? nil
      : review.plans.first.map { ReviewMarker(target: $0.target, namespace: $0.key.namespace).text }
    return [marker, told > 1 ? summary(review.plans) : nil, order(of: review.plans)].compactMap { line in
      line.map { $0 + "\n" }
    }
  }

  /// `**3 workloads change: 1 to create, 2 to restart** · Interrupts api of shop. …`
  private static func summary(_ plans: [Plan]) -> String? {
    let changing = plans.filter { !$0.isEmpty }
    guard !changing.isEmpty else { return nil }
    var counts: [ActionKind: Int] = [:]
    for (kind, count) in changing.flatMap(\.counts) where kind.isPerformed {
      counts[kind, default: 0] += count
    }
    let parts = ActionKind.allCases.compactMap { kind in counts[kind].map { "\($0) to \(kind.rawValue)" } }
    let what = parts.isEmpty ? "only releases to record" : parts.joined(separator: ", ")
    let workloads = Words.count(changing.count, "workload changes", "workloads change")
    return "**\(workloads): \(what)** · \(interruptions(of: changing))"
  }

  private static func interruptions(of plans: [Plan]) -> String {
    let names = plans.flatMap { plan in
      plan.interruptions.map { MarkdownText.code("\(plan.key.name)/\($0.service)") }
    }
    guard !names.isEmpty else { return "Interrupts nothing." }
    let shown = names.prefix(8).joined(separator: ", ")
    let rest = names.count > 8 ? " and \(Words.count(names.count - 8, "more service"))" : ""
    return (["Interrupts \(shown)\(rest).", InterruptionLength.words(of: plans)].compactMap(\.self))
      .joined(separator: " ")
  }

  /// Which workloads wait for which: `Order: db before web.`
  private static func order(of plans: [Plan]) -> String? {
    let changing = Set(plans.filter { !$0.isEmpty }.map(\.key))
    let pairs = plans.filter { changing.contains($0.key) }.flatMap { plan in
      (plan.desired?.waitsFor.elements ?? []).filter {
        changing.contains(WorkloadKey(namespace: plan.key.namespace, name: $0))
      }.map { "\(MarkdownText.code($0)) before \(MarkdownText.code(plan.key.name))" }
    }
    guard !pairs.isEmpty else { return nil }
    let rest = pairs.count > 12 ? " and \(pairs.count - 12) more" : ""
    return "Order: \(pairs.prefix(12).joined(separator: ", "))\(rest)."
  }
}
