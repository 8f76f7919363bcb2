import WorkloadSpec

/// Makes plans: a pure function of its input.
public enum Planner {
  /// The actions that turn what is observed into what is desired.
  ///
  /// - Throws: `DiagnosticError` if there can be no plan: the observation has gaps, a foreign object is in the
  ///   way, the kind changed, a volume would shrink, a named service is unknown, or the provider refuses.
  public static func plan(_ input: PlanInput) throws -> Plan {
    fatalError("comes with the planner")
  }
}
