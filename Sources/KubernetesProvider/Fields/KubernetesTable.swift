import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What becomes of every field of the language on a cluster.
struct KubernetesTable: Sendable {
  /// The rows of a service's fields, in the order in which they are written and read.
  let rows: [TemplateRow]
  /// The rows of what only Kubernetes knows of a workload.
  let ownRows: [WorkloadRow]
  /// All rows, those of the workload itself first.
  let table: FieldTable

  private static let known = ByFacts { KubernetesTable(making: $0) }

  /// The table of a cluster.
  static func on(_ facts: EngineFacts) -> KubernetesTable { known[facts] }

  private init(making facts: EngineFacts) {
    rows =
      Self.program + Self.process + Self.security(facts) + Self.network + Self.limits + Self.surroundings
      + Self.ports + Self.storage + Self.checks(facts) + Self.life(facts) + Self.ofServices
    ownRows = Self.ofWorkload
    table = FieldTable(Self.workload + ownRows.map(\.field) + rows.map(\.field))
  }

  // MARK: Writing and reading

  /// Writes a service into a template.
  func write(_ writing: ServiceWriting, into draft: inout PodDraft) {
    for row in rows { row.write?(writing, &draft) }
  }

  /// Writes what only Kubernetes knows of the workload into its template.
  func write(_ writing: Writing, into draft: inout PodDraft) {
    for row in ownRows { row.write?(writing, &draft) }
  }

  /// A service as its container has it.
  func read(_ reading: ServiceReading) -> Service {
    var fields = ServiceFields()
    for row in rows { row.read(reading, &fields) }
    return Service(fields)
  }

  /// What only Kubernetes knows of a workload, as its objects have it.
  func read(_ reading: PodReading, into own: inout KubernetesWorkload) {
    for row in ownRows { row.read(reading, &own) }
  }

  /// The fields of a service of which the cluster is told nothing. Of what runs to its end, it is told the order.
  func untold(of service: Service) -> Set<String> {
    var untold = table.untold(of: service)
    if service.role.isRunToEnd { untold.remove("dependsOn") }
    return untold
  }

  /// What changes of a service cost: what the template says takes new pods.
  func impact(of change: ServiceChange) -> ImpactStatement {
    let reason = { (fields: [String]) -> ActionReason? in
      .canNotChange(fields: fields, engine: .init("Kubernetes", makes: "pod"))
    }
    let statement = table.impact(of: change, because: reason)
    // What goes with a pod has its size in the template; a claim is grown where it is.
    let sizes = change.desired.volumes.filter { $0.type != .persistent }.map { "volumes[\($0.name)].size" }
    guard statement.impact < .replace, change.changes.contains(where: { sizes.contains($0.path) }) else {
      return statement
    }
    return ImpactStatement(.replace, reason: reason(["volumes"]))
  }

  // MARK: The workload

  private static let workload = [
    FieldRow("name", .enforced(.stamp), cost: nil, "part of all names; another name is another workload"),
    FieldRow(
      "kind", .enforced(.engine), cost: nil, "a Deployment, or a StatefulSet with a Service of its own"),
    FieldRow(
      "replicas", .enforced(.engine), cost: .inPlace,
      "`replicas` of the controller; without it, an autoscaler may have it"),
    FieldRow(
      "strategy", .enforced(.engine), cost: .inPlace,
      "`strategy` of a Deployment, which makes and removes pods; `blue_green` and `canary`: a second Deployment"
    ),
    FieldRow("dependsOn", .byBerth, cost: .inPlace, "berth changes it after those are ready"),
    FieldRow("network", .byBerth, cost: .inPlace, "berth refuses addresses that lead in or out"),
    FieldRow(
      "labels", .enforced(.engine), cost: .replace,
      "labels of all objects and of the pods; a value that no label can have is an annotation"),
    FieldRow("variables", .byBerth, cost: .inPlace, "filled in when the spec is read"),
  ]
}
