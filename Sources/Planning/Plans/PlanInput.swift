import Diagnostics
import WorkloadSpec

/// Everything that a plan is made from. The same input makes the same plan.
public struct PlanInput: Sendable {
  /// The workload that is planned.
  public var key: WorkloadKey
  /// The name of the target.
  public var target: String
  /// What its user asks for: to apply, to go back to a release, to destroy, or an operation.
  public var intent: RunIntent
  /// The valid workload that is wanted; `nil` to destroy it.
  public var desired: Workload?
  /// The services that are wanted changed; `nil` means all. With some, `desired` is still the whole spec.
  public var services: Set<String>?
  /// What an operator asks for; `desired` is then what the last release has. `nil` for everything else.
  public var operation: Operation?
  /// Asks for a rollout to stop between its first new instances and the end of the old ones.
  public var pause: Pause?
  /// What operators asked before.
  public var operatorState: OperatorState
  /// What is true now.
  public var observation: Observation
  /// The last release; a tombstone counts as none.
  public var lastRelease: Release?
  /// The runs that left something undone: what they stamped is not drift.
  public var incompleteRuns: Set<RunID>
  /// The keyed digests of the values of secrets, by ``WorkloadSpec/SecretUse/key``, as far as they can be resolved now.
  public var secretDigests: [String: String]
  /// What the addresses in its texts stand for; `nil` where nothing is started.
  public var addresses: AddressBook?
  /// The ports of its services that other workloads refer to, on an engine on which a port leads to one instance: those
  /// without a `host` of their own.
  public var referredPorts: [ServicePort]
  /// What is known of where the names of images lead.
  public var images: ImageKnowledge
  /// What the engine can change by itself.
  public var unit: UnitOfChange
  /// What the engine declares: fields of the language that only it knows.
  public var engine: EngineFields
  /// Whether the services run that run once per run, where the plan changes anything.
  public var runsBefore: Bool
  /// Whether a destroyed workload's volumes go too.
  public var deletesVolumes: Bool
  /// The named set that the workload is applied under; `nil` leaves it where it is.
  public var setName: String?
  /// What the provider has to say; errors stop the plan.
  public var notes: Diagnostics
  /// What the provider says that changes cost.
  public var impact: @Sendable (ServiceChange) -> ImpactStatement

  /// The input of a plan.
  ///
  /// - Parameter runsBefore: whether the services run that run once per run; by default, those of a spec that is applied.
  public init(
    key: WorkloadKey, target: String, intent: RunIntent, desired: Workload?, services: Set<String>? = nil,
    operation: Operation? = nil, pause: Pause? = nil, operatorState: OperatorState = OperatorState(),
    observation: Observation,
    lastRelease: Release?,
    incompleteRuns: Set<RunID> = [],
    secretDigests: [String: String] = [:], addresses: AddressBook? = nil,
    referredPorts: [ServicePort] = [],
    images: ImageKnowledge = ImageKnowledge(),
    unit: UnitOfChange = .service, engine: EngineFields? = nil,
    runsBefore: Bool? = nil, deletesVolumes: Bool = false,
    setName: String? = nil, notes: Diagnostics = Diagnostics(),
    impact: @escaping @Sendable (ServiceChange) -> ImpactStatement
  ) {
    self.key = key
    self.target = target
    self.intent = intent
    self.desired = desired
    self.services = services
    self.operation = operation
    self.pause = pause
    self.operatorState = operatorState
    self.observation = observation
    self.lastRelease = lastRelease
    self.incompleteRuns = incompleteRuns
    self.secretDigests = secretDigests
    self.addresses = addresses
    self.referredPorts = referredPorts
    self.images = images
    self.unit = unit
    self.engine = engine ?? EngineFields(observation.engine.provider)
    self.runsBefore = runsBefore ?? (intent == .apply)
    self.deletesVolumes = deletesVolumes
    self.setName = setName
    self.notes = notes
    self.impact = impact
  }
}

extension PlanInput {
  /// The provider's word on a change, never less than the language's own.
  func statement(of change: ServiceChange) -> ImpactStatement {
    let statement = impact(change)
    guard statement.impact < change.minimum else { return statement }
    return ImpactStatement(change.minimum, scope: statement.scope, reason: statement.reason)
  }
}
