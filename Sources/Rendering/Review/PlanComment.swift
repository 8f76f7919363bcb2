import Diagnostics
import Planning

/// Plans as the comment that berth writes on a pull request by itself: the Markdown, with what an apply after the merge reads.
public enum PlanComment {
  /// Plans with their marker first and, where all workloads could be planned for, their id last.
  ///
  /// The id stands behind everything that comes from the files, so that nothing in them can pass for it.
  public static func render(_ review: PlanReview, _ marker: ReviewMarker) -> String {
    let text = PlanMarkdown.render(review)
    guard let id = review.id else { return "\(marker.text)\n\n\(text)" }
    return (text.hasPrefix(marker.text) ? text : "\(marker.text)\n\n\(text)") + "\n\(line(id))\n"
  }

  /// The id of the plans that a comment shows; `nil` if it has none.
  public static func id(in text: String) -> String? {
    guard let last = text.split(whereSeparator: \.isNewline).last(where: { !$0.allSatisfy(\.isWhitespace) }),
      let match = last.wholeMatch(of: /<!-- berth id ([0-9a-f]{32}) -->\s*/)
    else { return nil }
    return String(match.1)
  }

  /// What the comment says where there is no plan: an older one in its place would pass for that of the newest commit.
  ///
  /// Only what is wrong in files is told with its words. Of anything else the comment has the code: what a target says of itself
  /// is for those who may read the pipeline's log.
  public static func failure(_ diagnostics: Diagnostics, _ marker: ReviewMarker) -> String {
    let told = diagnostics.filtered { $0.location != nil }
    let others = diagnostics.filter { $0.location == nil && $0.severity == .error }
    var parts = [
      marker.text,
      "### No plan: \(DiagnosticsText.summary(of: diagnostics, style: TextStyle()))",
      "Nothing can be applied as it is.",
    ]
    if !told.isEmpty {
      var lines = DiagnosticsText.render(told, style: TextStyle()).split(
        separator: "\n", omittingEmptySubsequences: false
      ).map(String.init)
      var room = PlanMarkdown.limit / 2
      let count = lines.prefix { line in
        room -= line.unicodeScalars.count + 1
        return room >= 0
      }.count
      if count < lines.count { lines = lines.prefix(count) + ["…"] }
      parts.append(MarkdownText.fenced(lines, "text"))
    }
    var codes: [DiagnosticCode] = []
    for other in others where !codes.contains(other.code) { codes.append(other.code) }
    if !codes.isEmpty {
      parts.append(
        codes.map {
          "- `\($0.rawValue)`: \(MarkdownText.escaped($0.title)); the log of the pipeline says more"
        }
        .joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func line(_ id: String) -> String { "<!-- berth id \(id) -->" }
}
