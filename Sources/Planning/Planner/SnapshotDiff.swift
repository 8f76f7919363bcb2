import WorkloadSpec

/// What differs between two snapshots of a workload, field by field.
///
/// It tells everything that was written differently, also what guides berth alone and leaves no trace on an
/// engine, such as when images are pulled. The order of what has no order is no difference.
public struct SnapshotDiff: Sendable, Equatable {
  /// What differs in the workload itself: replicas, strategy, labels.
  public let workloadChanges: [Change]
  /// The services that differ, ordered by name.
  public let services: [ServiceDifference]

  /// How a service of one snapshot differs from the one of that name in the other.
  public struct ServiceDifference: Sendable, Equatable {
    /// The name that it has in both snapshots, or in the one that has it.
    public let name: String
    /// Where it stands in the document: `services[api]`.
    public let place: String
    /// What became of it.
    public let fate: Fate
    /// The fields that differ; for one that came or went there are none.
    public let changes: [Change]
  }

  /// What became of a service from one snapshot to the other.
  public enum Fate: String, Sendable {
    /// It came.
    case added
    /// It is another.
    case changed
    /// It went.
    case removed
  }

  /// Compares two snapshots; `nil` stands for a workload that is not there.
  ///
  /// - Parameter engines: what engines declare: what is said on others is compared as a whole.
  public init(from old: Workload?, to new: Workload?, on engines: [EngineFields] = []) {
    let (before, after) = (Self.byName(old), Self.byName(new))
    services = Set(before.keys).union(after.keys).sorted().compactMap { name in
      switch (before[name], after[name]) {
      case (let before?, let after?):
        let changes = Self.changes(from: before, to: after, on: engines)
        return changes.isEmpty
          ? nil
          : ServiceDifference(name: name, place: after.place, fate: .changed, changes: changes)
      case (nil, let after):
        return ServiceDifference(name: name, place: after?.place ?? name, fate: .added, changes: [])
      case (let before?, nil):
        return ServiceDifference(name: name, place: before.place, fate: .removed, changes: [])
      }
    }
    guard let old, let new else {
      workloadChanges = []
      return
    }
    workloadChanges = Self.changes(
      from: old, to: new, on: engines, without: Set(Body.allCases.map(\.rawValue)))
  }

  /// Whether nothing differs.
  public var isEmpty: Bool { workloadChanges.isEmpty && services.isEmpty }

  private static func byName(_ workload: Workload?) -> [String: AnyElement] {
    Dictionary((workload?.elements ?? []).map { ($0.name, $0) }) { first, _ in first }
  }

  private static func changes(
    from old: AnyElement, to new: AnyElement, on engines: [EngineFields]
  ) -> [Change] {
    func changes<Base: BodyElement>(to new: Base) -> [Change] {
      old.as(Base.self).map { Self.changes(from: $0, to: new, on: engines, without: []) }
        ?? [.ofElement(from: old, to: AnyElement(new), causes: [.spec])]
    }
    return changes(to: new.base)
  }

  private static func changes<Object: SpecObject>(
    from old: Object, to new: Object, on engines: [EngineFields], without: Set<String>
  ) -> [Change] {
    var diff = FieldDiff(ownsEverything: true, comparesEverything: true, engines: engines) { _, _, _ in
      [.spec]
    }
    for field in Object.schema.fields where !without.contains(field.description.name) {
      let description = field.description
      diff.compare(
        description.name, description.type, desired: field.value(new), live: field.value(old),
        last: field.value(old), impact: description.impact ?? .inPlace, isSecret: description.isSecret)
    }
    return diff.changes
  }
}
