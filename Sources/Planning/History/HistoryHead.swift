/// What is true of a workload's history now: all that a plan needs of it, read at one moment.
public struct HistoryHead: Sendable, Equatable {
  /// The last release; it may be a tombstone.
  public var release: Release?
  /// The last run.
  public var run: Run?
  /// The runs that left something undone: unfinished, failed or abandoned ones since the last release. What they
  /// stamped is not drift.
  public var incompleteRuns: Set<RunID>
  /// What operators asked and still holds.
  public var operatorState: OperatorState

  /// The head of a history; without anything, that of a workload which was never applied.
  public init(
    release: Release? = nil, run: Run? = nil, incompleteRuns: Set<RunID> = [],
    operatorState: OperatorState = OperatorState()
  ) {
    self.release = release
    self.run = run
    self.incompleteRuns = incompleteRuns
    self.operatorState = operatorState
  }
}
