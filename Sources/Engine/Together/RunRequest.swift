import Planning

/// What a command asks the engine to reach, with where that comes from.
public struct RunRequest: Sendable {
  /// The workload and what is wanted of it.
  public let plan: PlanRequest
  /// Where each service's spec comes from; asked for only by a run that is to record a release.
  public let provenance: @Sendable () -> [String: Provenance]

  /// A request.
  public init(_ plan: PlanRequest, provenance: @escaping @Sendable () -> [String: Provenance] = { [:] }) {
    self.plan = plan
    self.provenance = provenance
  }

  /// The same, if the plans of the command have an identity together.
  public func expecting(_ id: String) -> RunRequest {
    var plan = plan
    plan.expected = id
    return RunRequest(plan, provenance: provenance)
  }
}
