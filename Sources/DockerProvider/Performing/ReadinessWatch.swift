import DockerAPI
import HealthChecks
import HealthProbes
import Planning
import ProviderKit
import WorkloadSpec

/// Waits until a service that was started can do its work.
struct ReadinessWatch: Sendable {
  let client: DockerClient
  let names: EngineNames
  /// By which way services are asked how they are.
  let route: ProbeRoute
  /// How long to wait.
  let timeout: Duration
  /// Where to say what the last check found.
  let report: @Sendable (String) -> Void

  /// How often it is looked: at first at once again, for most services need but a moment.
  private static let intervals = [10, 20, 40].map { Duration.milliseconds($0) }
  private static let interval = Duration.milliseconds(100)
  /// How many lines of a service's log a failure shows.
  private static let tail = 20

  /// Waits.
  ///
  /// - Throws: `ActionFailure` with the service's last words if it can't get there.
  func wait(for service: Service, in id: InstanceID, container: String) async throws {
    let clock = ContinuousClock()
    let end = clock.now + timeout
    var settling = Settling()
    var restarts: Int?
    var last: String?
    var pauses = Self.intervals[...]
    var checks = Checks(service.healthCheck)
    while true {
      guard let container = try await ifFound({ try await client.containers.inspect(container) }) else {
        throw ActionFailure("the container was taken away by another process")
      }
      let before = restarts ?? container.restartCount ?? 0
      restarts = before
      let probe = try await checks.probe(container.state.startedAt, at: clock.now) {
        try await HealthJudge(route: route).probe(container, service.healthCheck)
      }
      let verdict = Self.verdict(
        on: container, service, probe: probe,
        isSettled: settling.add(container.state.startedAt, at: clock.now),
        restarts: (container.restartCount ?? 0) - before)
      switch verdict {
      case .ready: return
      case .failed(let reason): throw await failure(reason, service, id, container)
      case .pending(let message):
        if let message, message != last {
          report(message)
          last = message
        }
      }
      guard clock.now < end else {
        throw await failure(
          Readiness.missed(by: service, within: timeout, last: last), service, id, container,
          hasTimedOut: true)
      }
      try await Task.sleep(for: pauses.popFirst() ?? Self.interval)
    }
  }

  /// What one look at a service says.
  enum Verdict: Equatable {
    case ready
    case pending(String?)
    case failed(String)
  }

  /// Judges a service that was started.
  ///
  /// - Parameters:
  ///   - probe: what a check that berth makes itself found.
  ///   - isSettled: whether its process has been running for a while.
  ///   - restarts: how often the engine has started it again.
  static func verdict(
    on container: Container, _ service: Service, probe: ProbeResult?, isSettled: Bool, restarts: Int
  ) -> Verdict {
    let state = container.state
    let code = state.exitCode ?? 0
    let end = state.outOfMemory == true ? "ran out of memory" : "exited with code \(code)"
    switch state.status {
    case "running": break
    case "exited" where service.role.isRunToEnd: return code == 0 ? .ready : .failed(end)
    case "exited", "dead": return .failed(Readiness.hopeless(end))
    case "restarting" where restarts >= Readiness.patience:
      return .failed(Readiness.hopeless(end, times: restarts + 1))
    case "restarting": return .pending("it \(end), and is started again")
    case "paused": return .pending("it is paused")
    default: return .pending(nil)
    }
    if restarts >= Readiness.patience { return .failed(Readiness.hopeless("ended", times: restarts)) }
    if service.role.isRunToEnd { return .pending(nil) }
    switch service.healthCheck?.probe {
    case .command:
      if state.health?.status == "healthy" { return .ready }
      guard let check = state.health?.log?.last else { return .pending("no health check was made yet") }
      return .pending(HealthReport.failure(of: check))
    case .http, .tcp, .grpc:
      guard let probe else { return isSettled ? .ready : .pending(nil) }
      return probe.isHealthy ? .ready : .pending(probe.message)
    case nil: return isSettled ? .ready : .pending(nil)
    }
  }

  /// The checks that berth makes of one process, each when it is due. In between, the last one counts.
  struct Checks {
    private let interval: Int64
    private var pace: CheckPace
    private var process: EngineTime?
    private var dueAt: ContinuousClock.Instant?
    private var last: ProbeResult?

    /// The checks of a service.
    init(_ check: HealthCheck?) {
      interval = (check?.startInterval ?? check?.interval)?.milliseconds ?? 0
      pace = CheckPace(interval: interval)
    }

    /// What the last check found, which is made now if it is due.
    ///
    /// - Parameter start: when the process was started: another one is checked anew.
    mutating func probe(
      _ start: EngineTime?, at now: ContinuousClock.Instant, _ check: () async throws -> ProbeResult?
    ) async throws -> ProbeResult? {
      if start != process { (process, dueAt, pace) = (start, nil, CheckPace(interval: interval)) }
      if let dueAt, now < dueAt { return last }
      last = try await check()
      if let last, !last.isHealthy { dueAt = now + .milliseconds(pace.pauseAfterFailure()) }
      return last
    }
  }

  /// How long one process has been running, by this machine's clock.
  private struct Settling {
    private var process: EngineTime?
    private var since: ContinuousClock.Instant?

    mutating func add(_ start: EngineTime?, at now: ContinuousClock.Instant) -> Bool {
      if start != process { (process, since) = (start, now) }
      return since.map { now - $0 >= ContainerReader.settling } ?? false
    }
  }

  private func failure(
    _ reason: String, _ service: Service, _ id: InstanceID, _ container: Container, hasTimedOut: Bool = false
  ) async -> ActionFailure {
    let log = ContainerLog(client: client, container: container.id, instance: id, service: service.name)
    // Without its log, a failure is still a failure.
    // Not only those of the last process: it may have been started again just now, and have said nothing yet.
    let reading = try? await log.lines(since: nil, tail: Self.tail)
    return ActionFailure(reason, logTail: reading?.lines ?? [], hasTimedOut: hasTimedOut)
  }
}
