import Planning
import WorkloadSpec

/// The workloads that a policy is for: all, as far as it says nothing else. What it says of several things must all be so.
public struct PolicyScope: SpecObject {
  /// Patterns of their names, of which one must match; none means all.
  public var workloads: [Glob] = []
  /// Patterns of their namespaces, of which one must match; none means all.
  public var namespaces: [Glob] = []
  /// The targets that they are applied to.
  public var targets: [Glob] = []
  /// The kinds that they may be of; none means all.
  public var kinds: [WorkloadKind] = []
  /// Their labels, the values as patterns.
  public var labels = StringMap()
  /// Of what is said of services, the roles of those that it is said of.
  public var roles: [Role] = []

  /// All workloads.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<PolicyScope>(
    "scope", "The workloads that a policy is for. What it says must all be so.",
    synonyms: [
      "names": "workloads", "name": "workloads", "namespace": "namespaces", "target": "targets",
      "kind": "kinds",
    ],
    fields: [
      Field("workloads", \.workloads, "patterns of their names, such as `shop-*`"),
      Field("namespaces", \.namespaces, "patterns of their namespaces"),
      Field("targets", \.targets, "patterns of the names of the targets that they are applied to"),
      Field("kinds", \.kinds, "their kinds"),
      Field("labels", \.labels, "labels that they have, with patterns of the values: `{tier: prod*}`"),
      Field("roles", \.roles, "of what is said of `services`, the roles of those services that are meant"),
    ])

  /// Whether a workload is meant.
  ///
  /// - Parameters:
  ///   - versions: the workload as it is, and as it will be. To take a label away takes it out of no scope at once. Where
  ///     neither is known, labels and kinds are taken for those that are meant.
  func contains(_ key: WorkloadKey, on target: String, _ versions: [Workload]) -> Bool {
    guard workloads.mean(key.name), namespaces.mean(key.namespace), targets.mean(target) else { return false }
    return versions.isEmpty || versions.contains(where: fits)
  }

  private func fits(_ workload: Workload) -> Bool {
    (kinds.isEmpty || kinds.contains(workload.kind))
      && labels.entries.allSatisfy { entry in
        workload.labels[entry.key].map { Glob(entry.value).matches($0) } ?? false
      }
  }
}
