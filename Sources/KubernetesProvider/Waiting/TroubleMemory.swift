/// Since when something does not get on, so that what may come right by itself is waited for, and not for ever.
struct TroubleMemory {
  private var since: [Trouble: ContinuousClock.Instant] = [:]

  /// Whether a trouble has lasted for longer than it may.
  mutating func isOver(_ trouble: Trouble, at now: ContinuousClock.Instant) -> Bool {
    guard case .mayPass(let patience) = trouble.outlook else { return true }
    let known = Trouble(
      object: trouble.object, container: trouble.container, message: "", outlook: trouble.outlook)
    let start = since[known] ?? now
    since = [known: start]
    return now - start >= patience
  }
}
