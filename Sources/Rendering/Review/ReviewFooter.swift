import Crypto
import Planning
import Values

/// What stands below the plans of a review: what they start from and end at, and how exactly they are carried out.
enum ReviewFooter {
  /// How many workloads are told with their releases and commits.
  private static let limit = 20

  /// The lines; none where no command carries the plans out as they are.
  static func lines(_ review: PlanReview) -> [String] {
    guard let id = review.id, !review.plans.isEmpty else { return [] }
    let changing = review.plans.filter { !$0.isEmpty }
    guard !changing.isEmpty else { return [] }
    var rows = changing.prefix(limit).map { plan in
      "| \(MarkdownText.code(plan.key.name)) | \(plan.base.map { "release \($0)" } ?? "none") | \(spec(plan)) | \(commits(review.origins[plan.key] ?? [:])) |"
    }
    rows.insert(
      contentsOf: ["| workload | from | to spec | last changed by |", "| --- | --- | --- | --- |"], at: 0)
    if changing.count > limit { rows.append("| … | | | |") }
    let command = (review.command + ["--expect", id]).map(ShellText.quoted).joined(separator: " ")
    return [
      rows.joined(separator: "\n") + "\n",
      "Carries out exactly this, or nothing:\n\n" + MarkdownText.fenced([command], "sh") + "\n",
    ]
  }

  /// The digest of the whole workload as it will be.
  private static func spec(_ plan: Plan) -> String {
    guard let desired = plan.desired else { return "destroyed" }
    var bytes: [UInt8] = []
    CanonicalJSON.write(desired.plain, into: &bytes)
    return MarkdownText.code(Hex.lower(SHA256.hash(data: bytes).prefix(6)))
  }

  /// `9fceb02* by Ada (#41)`, each commit once. Forges make a link of `#41`.
  private static func commits(_ origins: [String: Provenance]) -> String {
    var seen: Set<Provenance> = []
    let texts = origins.sorted { $0.key < $1.key }.compactMap { _, origin -> String? in
      guard seen.insert(origin).inserted else { return nil }
      let author = origin.author.split(separator: " <").first ?? ""
      let review = origin.review.map { " (\(SafeText.line($0).filter { $0 != "|" }))" } ?? ""
      return "\(MarkdownText.code(origin.short)) by \(MarkdownText.cell(author))\(review)"
    }
    return texts.isEmpty ? "" : texts.joined(separator: ", ")
  }
}
