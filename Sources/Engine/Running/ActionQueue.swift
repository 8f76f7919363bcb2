import Planning

/// The actions of a plan that wait for their turn.
struct ActionQueue {
  private var waiting: [Action]
  private var done: Set<ActionID> = []

  /// Actions, each after those that it waits for.
  init(_ actions: [Action]) { waiting = actions }

  /// The actions that were not taken, in order.
  var rest: [ActionID] { waiting.map(\.id) }

  /// Whether there is an action for which everything that it waits for is done.
  var hasNext: Bool { nextIndex != nil }

  /// Takes the first action for which everything that it waits for is done.
  mutating func next() -> Action? { nextIndex.map { waiting.remove(at: $0) } }

  private var nextIndex: Int? { waiting.firstIndex { $0.after.allSatisfy(done.contains) } }

  /// Says that an action is done.
  mutating func finish(_ action: ActionID) { done.insert(action) }
}
