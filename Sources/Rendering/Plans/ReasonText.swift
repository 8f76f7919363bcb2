import Planning

/// Why an action is done, in words that follow "because".
enum ReasonText {
  /// The words, on one line and safe for a terminal.
  ///
  /// - Parameter name: the workload's name.
  static func line(_ reason: ActionReason, of name: String) -> String {
    SafeText.line(words(reason, of: name))
  }

  private static func words(_ reason: ActionReason, of name: String) -> String {
    switch reason {
    case .comesUpFirst: "it comes up before the old one goes"
    case .isThereAlready(let name): "`\(name)` is there already"
    case .isReplaced(let instance?): "instance \(instance) replaces it"
    case .isReplaced(nil): "new instances replace them"
    case .isGone(let message): message
    case .hasNotCompleted: "it has not completed"
    case .runsBefore: "it runs once, before anything else changes"
    case .outlivesItsRun: "an earlier run left it running"
    case .wasBeingReplaced: "the last run did not finish replacing it"
    case .hasFailed(let code): "it has failed\(ending(code))"
    case .doesNotRun(let code): "it does not run\(ending(code))"
    case .isNotReady: "it has not become ready"
    case .staysStopped: "it stays stopped until `berth start \(name)` starts it"
    case .givesVolume(let service): "\(service) takes its volume over"
    case .givesPort(let service): "\(service) takes its host port over"
    case .canNotChange(let fields, let engine):
      "\(engine.name) can't change \(fields.map { "`\($0)`" }.joined(separator: ", ")) of a \(engine.object)"
    case .holdsMemory: "a process does not give back memory that it holds"
    case .changesWhole: "the engine changes an instance only as a whole"
    case .isHeld: "the last run did not succeed, and holds it where it is"
    case .isPausedByHand: "its controller was paused by hand"
    case .isOrphaned:
      "its controller is gone, and its instances stay as they are until another one takes them over"
    case .goesOn: "the last run was broken off, and the engine went on without it"
    case .movesToSet(let set, let from?): "it moves from the set `\(from)` to the set `\(set)`"
    case .movesToSet(let set, nil): "it moves to the set `\(set)`"
    case .pauses(let strategy, let new, _, let count):
      "it pauses at \(strategy.rawValue) \(new)/\(count) until `berth promote \(name)` or `berth abort \(name)`"
    case .isPausedNoLonger: "its rollout is paused no longer"
    case .isStoppedNoLonger: "it stays stopped no longer"
    case .isSuspended(let suspension): "\(suspension.by) suspends it: \(suspension.reason)"
    case .isSuspendedNoLonger: "it is suspended no longer"
    }
  }

  private static func ending(_ code: Int?) -> String { code.map { ", with exit code \($0)" } ?? "" }
}
