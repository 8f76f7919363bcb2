import Planning

/// What became of several workloads, a line for each.
public enum WorkloadEndTable {
  /// A table with the name, the outcome, the recorded release and the duration of each.
  public static func render(_ ends: [WorkloadEnd], style: TextStyle) -> String {
    var table = Table(["WORKLOAD", "OUTCOME", "RELEASE", "DURATION"])
    for end in ends {
      table.add([
        .init(end.key.name), .init(end.words, ink(end.outcome)),
        .init(end.release.map { "\($0)" } ?? ""),
        .init(end.durationText),
      ])
    }
    return table.text(style)
  }

  private static func ink(_ outcome: WorkloadEnd.Outcome) -> Ink? {
    switch outcome {
    case .unchanged: .faint
    case .succeeded: .good
    case .failed, .refused: .error
    case .interrupted, .declined, .notStarted, .notBegun: .warning
    }
  }
}
