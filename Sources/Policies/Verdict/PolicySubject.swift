import Diagnostics
import Planning
import WorkloadSpec

/// What is held to policies: a plan, or a spec for which there is none.
public struct PolicySubject: Sendable {
  /// Which fields of the workload are looked at.
  enum Extent: Sendable {
    case whole
    /// The number of instances alone.
    case replicas
    /// None: nothing of a spec is handed over.
    case nothing
  }

  let key: WorkloadKey
  let target: String
  let plan: Plan?
  /// The workload as it will be.
  let workload: Workload?
  /// The workload as its last release has it.
  let last: Workload?
  let extent: Extent
  /// What stands behind a field that no spec has: " of release 4".
  let origin: String
  /// Where a field is written.
  let place: @Sendable (String) -> SourceLocation?

  /// A plan.
  ///
  /// - Parameters:
  ///   - whole: the whole workload that it leads to.
  ///   - last: what the last release has.
  ///   - place: where a field of it is written, as ``WorkloadSpec/LoadedWorkload/place(of:)`` has it.
  public init(
    _ plan: Plan, whole: Workload?, last: Workload?, place: @escaping @Sendable (String) -> SourceLocation?
  ) {
    (key, target, self.plan) = (plan.key, plan.target, plan)
    (workload, self.last, self.place) = (whole ?? plan.desired, last, place)
    switch plan.intent {
    case .apply, .rollback, .promote: extent = .whole
    case .scale: extent = .replicas
    case .destroy, .stop, .start, .restart, .suspend, .unsuspend, .abort: extent = .nothing
    }
    if case .rollback(let number) = plan.intent { origin = " of release \(number)" } else { origin = "" }
  }

  /// A spec alone, of which no plan is known.
  ///
  /// - Parameter namespace: the namespace that it is for on the target.
  public init(_ loaded: LoadedWorkload, namespace: String, target: String) {
    key = WorkloadKey(namespace: namespace, name: loaded.workload.name)
    (self.target, plan, last) = (target, nil, nil)
    (workload, extent, origin) = (loaded.workload, .whole, "")
    place = { loaded.place(of: $0) }
  }

  /// The versions of the workload by which scopes are judged.
  var versions: [Workload] { [workload, last].compactMap(\.self) }
}
