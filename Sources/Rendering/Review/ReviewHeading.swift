import Planning

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
    let order = PlanListSummary.order(of: review.plans, name: MarkdownText.code)
    return [marker, told > 1 ? summary(review.plans) : nil, order].compactMap { line in
      line.map { $0 + "\n" }
    }
  }

  /// `**3 workloads change: 1 to create, 2 to restart** · Interrupts api of shop. … **Policies stop shop.**`
  private static func summary(_ plans: [Plan]) -> String? {
    guard let counts = PlanListSummary.counts(of: plans) else { return nil }
    let interruptions = PlanListSummary.interruptions(of: plans, name: MarkdownText.code)
    let stopped = PlanListSummary.stopped(plans, name: MarkdownText.code).map { "**\($0)**" }
    return ["**\(counts)** · \(interruptions)", InterruptionLength.words(of: plans), stopped].compactMap(
      \.self
    )
    .joined(separator: " ")
  }
}
