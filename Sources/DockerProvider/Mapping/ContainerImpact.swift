import Planning
import WorkloadSpec

extension Change {
  /// The field; of what is said on an engine, all of its path.
  fileprivate var fieldOrBlock: String { field == "on" ? path : field }
}

/// What changes of a service cost on an engine.
enum ContainerImpact {
  /// Limits, restart policies and what deviates from how a container was made are changed in place; everything else is fixed when a container is created.
  static func statement(for change: ServiceChange) -> ImpactStatement {
    let fixed = Set(change.changes.filter { !isChangeable($0) }.map(\.fieldOrBlock)).sorted()
    guard !fixed.isEmpty else { return ImpactStatement(change.minimum) }
    let raised = change.minimum < .replace
    return ImpactStatement(
      .replace,
      reason: raised ? .canNotChange(fields: fixed, engine: .init("Docker", makes: "container")) : nil)
  }

  private static func isChangeable(_ change: Change) -> Bool {
    if change.path.hasPrefix(ContainerDeviations.prefix) { return true }
    // A limit can be moved, but not taken away.
    return ContainerTable.standard.changesLive(change.path) && change.new != .absent
  }
}
