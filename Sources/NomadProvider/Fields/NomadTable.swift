import Planning
import ProviderKit
import WorkloadSpec

/// What becomes of every field of the language on a cluster.
struct NomadTable: Sendable {
  /// The rows of a service's fields, in the order in which they are written and read.
  let rows: [TaskRow]
  /// The rows of what only Nomad knows of a workload.
  let ownRows: [WorkloadRow]
  /// All rows, those of the workload itself first.
  let table: FieldTable

  private static let known = ByFacts { NomadTable(making: $0) }

  /// The table of a cluster.
  static func on(_ facts: EngineFacts) -> NomadTable { known[facts] }

  private init(making facts: EngineFacts) {
    let all =
      Self.program + Self.process + Self.security + Self.network + Self.limits + Self.surroundings
      + Self.ports + Self.storage + Self.checks(facts) + Self.life + Self.ofServices
    rows = all.map { $0.narrowed(to: facts) }
    ownRows = Self.ofWorkload
    table = FieldTable(Self.workload + ownRows.map(\.field) + rows.map(\.field))
  }

  // MARK: Writing and reading

  /// Writes a service into a job.
  func write(_ writing: TaskWriting, into draft: inout JobDraft) {
    for row in rows { row.write?(writing, &draft) }
  }

  /// Writes what only Nomad knows of the workload into its job.
  func write(_ writing: Writing, into draft: inout JobDraft) {
    for row in ownRows { row.write?(writing, &draft) }
  }

  /// A service as its task has it.
  func read(_ reading: TaskReading) -> Service {
    var fields = ServiceFields()
    for row in rows { row.read(reading, &fields) }
    return Service(fields)
  }

  /// What only Nomad knows of a workload, as its job has it.
  func read(_ reading: GroupReading, into own: inout NomadWorkload) {
    for row in ownRows { row.read(reading, &own) }
  }

  /// The fields of a service of which the cluster is told nothing.
  func untold(of service: Service) -> Set<String> { table.untold(of: service) }

  /// What changes of a service cost: what a task is made of takes a new one.
  func impact(of change: ServiceChange) -> ImpactStatement {
    table.impact(of: change) { fields in
      .canNotChange(fields: fields, engine: .init("Nomad", makes: "allocation"))
    }
  }

  // MARK: The workload

  private static let workload = [
    FieldRow("name", .enforced(.stamp), cost: nil, "the name of the job; another name is another workload"),
    FieldRow(
      "kind", .enforced(.stamp), cost: nil,
      "a job of type `service`; the instances of a stateful set are told by their index, and have volumes of their own"
    ),
    FieldRow("replicas", .enforced(.engine), cost: .inPlace, "`Count` of the group"),
    FieldRow(
      "strategy", .enforced(.engine), cost: .inPlace,
      "`Update` of the group: `MaxParallel` and `Canary`; berth promotes canaries, and stops old instances first where new ones must wait for that"
    ),
    FieldRow("dependsOn", .byBerth, cost: .inPlace, "berth changes it after those are ready"),
    FieldRow("network", .byBerth, cost: .inPlace, "berth refuses addresses that lead in or out"),
    FieldRow(
      "labels", .enforced(.engine), cost: .replace, "`Meta` of the job, which its tasks see as variables"),
    FieldRow("variables", .byBerth, cost: .inPlace, "filled in when the spec is read"),
  ]
}
