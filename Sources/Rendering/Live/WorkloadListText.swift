import Planning
import Values

/// The workloads of a target for a person.
///
///     WORKLOAD  STATE    READY  RELEASE  APPLIED
///     api       running  3/3    12       2h
///     web       stopped  0/1    4        9d       suspended 2h ago by ada@build-7: moving the database
public enum WorkloadListText {
  /// A table, a row for each workload.
  ///
  /// - Parameters:
  ///   - showsNamespaces: whether the workloads are of more than one namespace.
  ///   - nextCursor: where the next page begins, if there is one.
  ///   - now: what ages are counted to.
  public static func render(
    _ workloads: [WorkloadStatus], showsNamespaces: Bool, nextCursor: String?, now: Timestamp,
    style: TextStyle
  ) -> String {
    guard !workloads.isEmpty else { return "No workloads.\n" }
    let notes = workloads.map {
      OperatorStateText.lines($0.operatorState, now, .init(colour: false)).joined(separator: "; ")
    }
    let hasNotes = notes.contains { !$0.isEmpty }
    var table = Table(
      (showsNamespaces ? ["NAMESPACE"] : []) + ["WORKLOAD", "STATE", "READY", "RELEASE", "APPLIED"]
        + (hasNotes ? ["NOTE"] : []))
    for (workload, note) in zip(workloads, notes) {
      table.add(
        (showsNamespaces ? [.init(SafeText.line(workload.key.namespace))] : []) + cells(workload, now)
          + (hasNotes ? [.init(note, .warning)] : []))
    }
    let more = nextCursor.map { "\nMore: add --cursor \($0)\n" } ?? ""
    return table.text(style) + more
  }

  private static func cells(_ workload: WorkloadStatus, _ now: Timestamp) -> [Table.Cell] {
    let (ready, count) = (workload.readyInstances, workload.observation.instances.count)
    let ink: Ink? = workload.isReady ? .added : workload.state == .failed ? .removed : .changed
    return [
      .init(SafeText.line(workload.key.name)), .init(workload.state?.rawValue ?? "no instances", ink),
      .init("\(ready)/\(count)", ready < count ? .changed : nil),
      .init(workload.release.map { "\($0.number)" } ?? "none"),
      .init(workload.release.map { AgeText.from($0.recordedAt, to: now) } ?? ""),
    ]
  }
}
