import ProviderKit
import Supervisor
import WorkloadSpec

/// What the rows of local processes read.
struct LocalReading {
  /// The service that the supervisor was given.
  let stamped: Service
  /// What the supervisor runs it by; `nil` if an older one does, which does not tell.
  let running: RunningDefinition?
  /// The ports that it was given.
  let ports: [AssignedPort]
  /// Its texts, as it was given them.
  let texts: ServiceTexts
  /// The config files with what they hold now; those that can't be read are left out.
  let configFiles: [ConfigFile]

  // MARK: What runs

  /// The command, and the arguments that follow: as they were stated, as far as that is what runs.
  var program: (command: [String], args: [String]) {
    guard let words = running?.command else { return (stamped.command, stamped.args) }
    guard words.starts(with: stamped.command.map(texts.fill)) else { return (words, []) }
    let rest = Array(words.dropFirst(stamped.command.count))
    return (stamped.command, rest == stamped.args.map(texts.fill) ? stamped.args : rest)
  }

  /// The variables that were stated, as they are. All others are inherited or berth's own.
  var environment: StringMap {
    guard let running else { return stamped.env }
    return texts.environment(running.environment, stated: stamped.env, tellsSecrets: false)
  }

  /// Under what its processes run. What an older supervisor does not tell, it does not do.
  var conditions: ProcessConditions { running?.conditions ?? ProcessConditions() }

  /// The signal that asks it to stop.
  var stopSignal: String? { running.map(\.stopSignal) ?? stamped.stopSignal }

  // MARK: What it may use

  /// The limit of processor time.
  var cpu: CPUQuantity? {
    running.map { $0.limits.cpu.map { CPUQuantity(millicores: $0) } } ?? stamped.resources.cpu
  }

  /// The limit of memory.
  var memory: ByteQuantity? {
    running.map { $0.limits.memory.map { ByteQuantity(bytes: $0) } } ?? stamped.resources.memory
  }

  /// The limits that the supervisor has set.
  var limits: ServiceLimits { running?.limits ?? ServiceLimits() }

  // MARK: Health

  /// The check that the supervisor makes, by the numbers of the spec.
  var healthCheck: HealthCheck? {
    guard let running else { return stamped.healthCheck }
    guard let check = running.check else {
      // There is nothing to ask by either.
      return stamped.healthCheck?.disabled == true ? stamped.healthCheck : nil
    }
    var live = HealthCheck()
    switch check.question {
    case .http(let path, let port):
      live.path = stamped.healthCheck?.path.flatMap { texts.fill($0) == path ? $0 : nil } ?? path
      live.port = container(port)
    case .tcp(let port): live.port = container(port)
    case .grpc(let service, let port): (live.grpc, live.port) = (service, container(port))
    case .command(let words):
      let stated = stamped.healthCheck?.command ?? []
      live.command = stated.map(texts.fill) == words ? stated : words
    }
    live.interval = SpecDuration(milliseconds: check.interval)
    live.timeout = SpecDuration(milliseconds: check.timeout)
    live.retries = check.retries
    live.startInterval = check.startInterval.map { SpecDuration(milliseconds: $0) }
    live.startPeriod = stamped.healthCheck?.startPeriod
    (live.status, live.headers) = (StringSet(check.status), StringMap(check.headers))
    return live
  }

  private func container(_ host: Int) -> Int {
    ports.first { $0.host == host && $0.transport == .tcp }?.container ?? host
  }
}
