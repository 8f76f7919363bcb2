/// What an engine can change by itself, and so what an action of a plan is done to.
public enum UnitOfChange: String, Sendable, CaseIterable {
  /// One service of an instance: local processes, containers.
  case service
  /// An instance with all that it holds: machines.
  case instance
  /// The workload, whose instances a controller of the engine makes, rolls and mends: Kubernetes, Nomad.
  case workload

  /// Whether the engine moves instances from old to new by itself, and berth watches.
  public var isRolledByEngine: Bool { self == .workload }
}
