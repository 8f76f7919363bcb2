/// Since when something does not get on, so that what may come right by itself is waited for, and not for ever.
package struct TroubleMemory<Object: Hashable & Sendable> {
  private var since: [ControllerTrouble<Object>: ContinuousClock.Instant] = [:]

  /// No trouble was seen yet.
  package init() {}

  /// Whether a trouble has lasted for longer than it may.
  package mutating func isOver(_ trouble: ControllerTrouble<Object>, at now: ContinuousClock.Instant) -> Bool
  {
    guard case .mayPass(let patience) = trouble.outlook else { return true }
    let known = ControllerTrouble(
      object: trouble.object, container: trouble.container, message: "", outlook: trouble.outlook)
    let start = since[known] ?? now
    since = [known: start]
    return now - start >= patience
  }
}
