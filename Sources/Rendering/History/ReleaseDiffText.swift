import Planning
import Values
import WorkloadSpec

/// What differs between two snapshots, field by field, for a person.
public enum ReleaseDiffText {
  /// The differences, services by name.
  ///
  /// - Parameters:
  ///   - old: one snapshot; `nil` if there is none.
  ///   - new: the other one.
  ///   - title: what is compared: `shop: release 3 → release 4`.
  ///   - engines: what engines declare.
  public static func render(
    from old: Workload?, to new: Workload?, title: String, on engines: [EngineFields] = [], style: TextStyle
  ) -> String {
    let diff = SnapshotDiff(from: old, to: new, on: engines)
    let head = style.paint(SafeText.line(title), .strong) + "\n"
    guard !diff.isEmpty else { return head + "\nNo differences.\n" }
    var sections: [[String]] = []
    if !diff.workloadChanges.isEmpty {
      sections.append(
        ["  " + style.paint("workload", .strong)]
          + ChangeTable.lines(diff.workloadChanges, indent: 4, showsCauses: false, style))
    }
    for service in diff.services {
      let name = SafeText.line(service.name)
      switch service.fate {
      case .added:
        let fields = new?.element(service.name).map(ServiceFields.list) ?? []
        sections.append(
          ["  " + style.paint("+ \(name)", .added)] + ChangeTable.lines(fields, indent: 6, style))
      case .removed: sections.append(["  " + style.paint("- \(name)", .removed)])
      case .changed:
        sections.append(
          ["  " + style.paint("~ \(name)", .changed)]
            + ChangeTable.lines(service.changes, indent: 6, showsCauses: false, style))
      }
    }
    return head + sections.map { "\n" + $0.map { $0 + "\n" }.joined() }.joined()
  }
}

/// What differs between two snapshots, for programs.
public enum ReleaseDiffJSON {
  /// An object with the keys `title`, `workloadChanges` (changes as in a plan) and `services`: objects with `name`,
  /// `change` (`added`, `changed`, `removed`) and `changes`.
  ///
  /// - Parameter engines: what engines declare.
  public static func value(
    from old: Workload?, to new: Workload?, title: String, on engines: [EngineFields] = []
  ) -> Value {
    let diff = SnapshotDiff(from: old, to: new, on: engines)
    return [
      "title": .string(title),
      "workloadChanges": .list(diff.workloadChanges.map(\.plain)),
      "services": .list(
        diff.services.map {
          [
            "name": .string($0.name), "change": .string($0.fate.rawValue),
            "changes": .list($0.changes.map(\.plain)),
          ]
        }),
    ]
  }
}
