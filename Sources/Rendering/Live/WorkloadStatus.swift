import Planning

/// What is known of a workload now, ready to be rendered.
public struct WorkloadStatus: Sendable {
  /// The workload whose status it is.
  public var key: WorkloadKey
  /// The name of the target.
  public var target: String
  /// What its provider sees.
  public var observation: Observation
  /// The last release; a tombstone counts as none.
  public var release: Release?
  /// The last run; `nil` if no run ever began.
  public var lastRun: Run?
  /// What operators asked of it.
  public var operatorState: OperatorState

  public init(
    key: WorkloadKey, target: String, observation: Observation, release: Release?, lastRun: Run?,
    operatorState: OperatorState = OperatorState()
  ) {
    self.key = key
    self.target = target
    self.observation = observation
    self.release = release
    self.lastRun = lastRun
    self.operatorState = operatorState
  }

  /// The instances that a paused rollout made.
  var newInstances: Set<InstanceID> { Set(operatorState.rollout?.instances ?? []) }

  /// The worst state of its instances; `nil` if it has none.
  var state: InstanceState? { observation.state }

  /// How many of its instances can do their work.
  var readyInstances: Int { observation.instances.count(where: \.isReady) }

  /// Whether everything that is there can do its work, and something is there.
  var isReady: Bool { observation.isReady }

  /// The restarts of all instances together.
  var restarts: Int { observation.instances.reduce(0) { $0 + $1.restarts } }
}
