import Diagnostics
import Planning
import ProviderKit

/// Gets the lock of a workload: at once, by waiting for its holder, or by breaking the lock of one that is gone.
struct LockQueue: Sendable {
  let store: any ReleaseStore
  let options: EngineOptions
  let environment: EngineEnvironment
  /// Ends the waiting.
  let stop: StopRequest
  /// Told of each holder that is waited for.
  let waiting: @Sendable (LockRecord) -> Void

  /// Takes the lock.
  ///
  /// - Throws: `DiagnosticError` that says who holds it, if it was not to be had in time; `CancellationError`
  ///   if the waiting was ended.
  func acquire(_ key: WorkloadKey) async throws -> Lease {
    let token = environment.makeToken()
    let holder = LockHolder(
      token: token, description: "\(environment.user), process \(environment.processID)",
      since: environment.now())
    let start = environment.uptime()
    var seen: (record: LockRecord, at: Duration)?
    while true {
      let asked = environment.uptime()
      guard case .held(let record) = try await store.tryLock(key, as: holder) else {
        return Lease(
          key, token: token, asked: asked, wasContended: seen != nil, store: store,
          timeToLive: options.lockTimeToLive, environment: environment)
      }
      // Only this waiter's own clock counts: the clocks of two machines may differ by any amount.
      var isSilent = false
      if let last = seen, last.record.holder.token == record.holder.token, last.record.beat == record.beat {
        isSilent = asked - last.at >= options.lockTimeToLive
      } else {
        if seen?.record.holder.token != record.holder.token, !record.holderIsGone { waiting(record) }
        seen = (record, asked)
      }
      if record.holderIsGone || isSilent, try await store.breakLock(key, seen: record) { continue }
      let left = options.lockTimeout - (environment.uptime() - start)
      guard left > .zero else { throw held(key, by: record) }
      try await environment.sleep(min(left, options.lockTimeToLive / 20))
      try stop.check()
    }
  }

  private func held(_ key: WorkloadKey, by record: LockRecord) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .lockHeld,
        "`\(key.name)` is being changed by \(record.holder.description), since \(record.holder.since)",
        help:
          "wait longer with `--lock-timeout`, or, if that process is known to be gone, use `berth unlock \(key.name)`"
      ))
  }
}
