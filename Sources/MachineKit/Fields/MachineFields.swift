import Diagnostics
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What becomes of each field of a group of machines in a cloud: the rows that are alike in all of them, and the cloud's own.
public struct MachineFields: Sendable {
  /// The rows of all fields.
  public let table: FieldTable

  /// The fields of machines in a cloud.
  ///
  /// - Parameter own: the rows of what a machine is made from, `machine.image` and so on, and of what only the cloud knows.
  public init(_ own: [FieldRow]) { table = FieldTable(Self.common + own) }

  private static let common = [
    FieldRow("name", .enforced(.engine), cost: nil, "tag `berth-workload`"),
    FieldRow("kind", .byBerth, cost: nil, "the instances are machines"),
    FieldRow("replicas", .byBerth, cost: .inPlace, "machines are made and ended one by one"),
    FieldRow("strategy", .byBerth, cost: .inPlace, "the order in which machines give way to others"),
    FieldRow("dependsOn", .byBerth, cost: .inPlace, "waits before the first action"),
    FieldRow("network", .byBerth, cost: .inPlace, "machines share no network of berth's"),
    FieldRow("labels", .enforced(.engine), cost: .inPlace, "tags"),
    FieldRow("variables", .byBerth, cost: .inPlace, "filled in when the file is read"),
    FieldRow("healthCheck", .byBerth, cost: .inPlace, "asked from here at the machine's address"),
  ]

  /// The fields of a machine, by name, that the cloud is told and does not tell.
  var stamped: Set<String> { names { $0 == .enforced(.stamp) } }

  /// The fields of a machine, by name, of which the cloud is told nothing.
  var untold: Set<String> { names { !$0.isTold } }

  private func names(where isMeant: (FieldTreatment) -> Bool) -> Set<String> {
    Set(table.rows.filter { isMeant($0.treatment) }.compactMap(\.machineField))
  }

  /// What a plan says to a workload by the rows alone.
  func findings(on workload: Workload) -> Diagnostics {
    var diagnostics = Diagnostics()
    guard let stated = workload.machine?.plainWithoutDefaults else { return diagnostics }
    for row in table.rows {
      guard let name = row.machineField, stated[name] != nil else { continue }
      switch row.treatment {
      case .recorded(let reason):
        diagnostics.report(.providerNote, "`\(row.path)` is only recorded: \(reason)")
      case .refused(let code): diagnostics.report(code, "`\(row.path)` is refused here: \(row.words)")
      case .enforced, .byBerth:
        if let note = row.note { diagnostics.report(.providerNote, "`\(row.path)` \(note)") }
      }
    }
    return diagnostics
  }
}

extension FieldRow {
  /// `image` of `machine.image`; `nil` for a field of anything but a machine itself.
  fileprivate var machineField: String? {
    let parts = path.split(separator: ".")
    return parts.count == 2 && parts[0] == "machine" ? String(parts[1]) : nil
  }
}
