import HealthChecks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Checks at intervals whether a running service can do its work.
struct HealthMonitor {
  /// How long a service without a check must have run to be ready, in milliseconds.
  static let settling: Int64 = 500
  /// How long after its start a service is checked first, in milliseconds.
  static let firstCheck: Int64 = 50

  /// What a step found.
  enum Finding: Equatable {
    /// The service is ready.
    case ready
    /// It is not ready, with the reason.
    case unready(String)
  }

  private let check: CheckDefinition?
  private var probe: Probe?
  /// When the next check is due, or the service has settled.
  private var dueAt: Int64
  private var failures = 0
  private var pace: CheckPace
  private var isReady: Bool

  /// Watches a process that was just started, or one that is known to be ready already.
  init(_ check: CheckDefinition?, now: Int64, isReady: Bool = false) {
    self.check = check
    self.isReady = isReady
    pace = CheckPace(interval: check?.firstInterval ?? 0)
    dueAt = now + (check == nil ? Self.settling : Self.firstCheck)
  }

  /// What it waits for.
  var interest: pollfd? { probe?.interest }
  /// The process of the check that is under way.
  var process: pid_t? { probe?.process }
  /// When it wants to go on, on the monotonic clock.
  var deadline: Int64? {
    if let probe { return probe.deadline }
    return check == nil && isReady ? nil : dueAt
  }

  /// Goes on as far as it can.
  ///
  /// - Returns: what changed, if anything did.
  mutating func advance(now: Int64, spawn: ([String]) throws(Spawn.Failure) -> pid_t) -> Finding? {
    guard let check else {
      guard !isReady, now >= dueAt else { return nil }
      isReady = true
      return .ready
    }
    if probe == nil {
      guard now >= dueAt else { return nil }
      probe = Probe(check, now: now, spawn: spawn)
    }
    guard let outcome = probe?.advance(now: now) else { return nil }
    probe = nil
    return note(outcome, of: check, now: now)
  }

  /// Takes note of the end of the check's process.
  mutating func processEnded(exitCode: Int) { probe?.processEnded(exitCode: exitCode) }

  /// Ends a check that is under way.
  mutating func end() {
    probe?.end()
    probe = nil
  }

  private mutating func note(_ outcome: Probe.Outcome, of check: CheckDefinition, now: Int64) -> Finding? {
    switch outcome {
    case .passed:
      failures = 0
      pace = CheckPace(interval: check.interval)
      dueAt = now + check.interval
      defer { isReady = true }
      return isReady ? nil : .ready
    case .failed(let reason):
      failures += 1
      if isReady, failures < check.retries {
        dueAt = now + check.interval
        return nil
      }
      dueAt = now + pace.pauseAfterFailure()
      isReady = false
      return .unready(reason)
    }
  }
}
