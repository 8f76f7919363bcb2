import Planning

/// What a CI system shows on the page of a run, as Markdown.
public enum JobSummary {
  /// What became of workloads, and the plans that were carried out.
  ///
  /// - Parameter plans: the plans of the workloads that changed.
  public static func render(_ ends: [WorkloadEnd], of plans: [Plan]) -> String {
    let rows = ends.prefix(limit).map { end in
      let release = end.release.map { "release \($0)" } ?? ""
      return
        "| \(MarkdownText.code(end.key.name)) | \(MarkdownText.cell(end.words)) | \(release) | \(end.durationText) |"
    }
    let rest = ends.count > limit ? ["| … | | | |"] : []
    let table = ["| workload | outcome | recorded | took |", "| --- | --- | --- | --- |"] + rows + rest
    return table.map { $0 + "\n" }.joined() + "\n" + PlanMarkdown.render(plans)
  }

  /// How many workloads have a row.
  private static let limit = 200
}
