import Diagnostics
import Planning
import ProviderKit
import Synchronization

/// Waits until workloads are ready that others depend on. It is asked before the lock of a workload is taken.
///
/// So no run ever waits for another workload while it holds a lock, and two commands whose workloads depend on each
/// other's can't stop each other.
final class WorkloadReadiness: Sendable {
  private struct Sight {
    var at: Duration
    var isReady = false
    /// Whether it was waited for to the end.
    var isGivenUp = false
  }

  private let reader: any ProviderReader
  private let timeout: Duration
  private let environment: EngineEnvironment
  private let stop: StopRequest
  private let seen = Mutex<[WorkloadKey: Sight]>([:])

  /// How long one that is not ready is left alone, however many wait for it.
  private static let pace = Duration.milliseconds(250)

  init(
    reader: any ProviderReader, timeout: Duration, environment: EngineEnvironment, stop: StopRequest
  ) {
    self.reader = reader
    self.timeout = timeout
    self.environment = environment
    self.stop = stop
  }

  /// Waits for what a workload depends on.
  ///
  /// - Parameter waiting: told once of those that are not ready yet.
  /// - Throws: `DiagnosticError` that names the first that does not become ready in time; `ProviderError` if it can't be
  ///   looked at; `CancellationError` if the waiting was ended.
  func wait(
    for dependencies: [WorkloadKey], of key: WorkloadKey, waiting: @Sendable ([WorkloadKey]) -> Void
  ) async throws {
    let start = environment.uptime()
    var left = dependencies
    var rounds = 0
    while true {
      var unready: [WorkloadKey] = []
      for dependency in left where try await !isReady(dependency) { unready.append(dependency) }
      left = unready
      guard let first = left.first else { return }
      // At first it may only be that another workload is looking.
      if rounds == 1 { waiting(left) }
      rounds += 1
      let isGivenUp = seen.withLock { $0[first]?.isGivenUp == true }
      guard !isGivenUp, environment.uptime() - start < timeout else { throw giveUp(first, for: key) }
      try await environment.sleep(Self.pace)
      try stop.check()
    }
  }

  private func isReady(_ key: WorkloadKey) async throws -> Bool {
    let now = environment.uptime()
    let known = seen.withLock { seen -> Bool? in
      if let last = seen[key], last.isGivenUp || now - last.at < Self.pace { return last.isReady }
      // Those who ask meanwhile are not answered yet.
      seen[key] = Sight(at: now)
      return nil
    }
    if let known { return known }
    let isReady = try await reader.observe(key).isReady
    seen.withLock { $0[key] = Sight(at: now, isReady: isReady) }
    return isReady
  }

  private func giveUp(_ dependency: WorkloadKey, for key: WorkloadKey) -> DiagnosticError {
    seen.withLock { $0[dependency, default: Sight(at: .zero)].isGivenUp = true }
    return DiagnosticError(
      Diagnostic(
        .dependencyNotReady,
        "`\(dependency.name)`, on which `\(key.name)` depends, did not become ready within \(timeout)",
        help: "`berth status \(dependency.name)` tells more; wait longer with `--timeout`"))
  }
}
