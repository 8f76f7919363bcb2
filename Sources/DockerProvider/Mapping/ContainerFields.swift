import DockerAPI
import WorkloadSpec

/// How single fields of a service are said to the engine, and read back from it.
enum ContainerFields {
  // MARK: Texts

  /// A text as the container has it: its root folder is the root of everything.
  static func fill(_ text: String) -> String { Interpolation.fill(text, ["root": ""]) }

  /// A text in which secrets could stand, and none does, as the container has it.
  static func fillText(_ text: String) -> String { fill(SecretText(text).replacingSecrets(with: "")) }

  /// What is live of texts that were stated like this: the statement, if it is what lives.
  static func live(_ stated: [String], _ actual: [String]?) -> [String] {
    // What nobody stated is the image's own.
    guard !stated.isEmpty else { return [] }
    return stated.map(fill) == actual ?? [] ? stated : actual ?? []
  }

  /// Variables by name; of two with one name, the last counts, as it does for the program.
  static func variables(_ texts: [String]?) -> [String: String] {
    var variables: [String: String] = [:]
    for text in texts ?? [] {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    }
    return variables
  }

  // MARK: Restarts

  /// The policy of a service. `always` of the engine would start again what operators stopped, when the engine
  /// itself starts; an init runs once.
  static func restartPolicy(of service: Service) -> DockerAPI.RestartPolicy {
    guard service.role != .`init` else { return DockerAPI.RestartPolicy(name: "no") }
    return switch service.restart {
    case .always: DockerAPI.RestartPolicy(name: "unless-stopped")
    case .onFailure: DockerAPI.RestartPolicy(name: "on-failure")
    case .never: DockerAPI.RestartPolicy(name: "no")
    }
  }

  /// The policy that lives.
  static func restart(_ policy: DockerAPI.RestartPolicy?, stated: Service) -> WorkloadSpec.RestartPolicy {
    let live: WorkloadSpec.RestartPolicy =
      switch policy?.name {
      case "always", "unless-stopped": .always
      case "on-failure": .onFailure
      default: .never
      }
    // That an init is not started again says nothing of what was stated.
    return stated.role == .`init` && live == .never ? stated.restart : live
  }

  // MARK: Time

  /// Whole seconds, which is all that the engine takes: no less than what was stated.
  static func seconds(_ duration: SpecDuration) -> Int { Int((duration.milliseconds + 999) / 1000) }

  /// The time to stop that lives.
  static func stopGrace(_ seconds: Int?, stated: SpecDuration) -> SpecDuration {
    guard let seconds, seconds != Self.seconds(stated) else { return stated }
    return .seconds(Int64(seconds))
  }

  // MARK: Limits

  private static let nanosPerMillicore: Int64 = 1_000_000

  /// Processor time in billionths of a processor; more than there is of it in the world is for the engine to refuse.
  static func nanoCPUs(_ resources: Resources) -> Int64? {
    resources.cpu.map { cpu in
      let (nanos, overflow) = cpu.millicores.multipliedReportingOverflow(by: nanosPerMillicore)
      return overflow ? .max : nanos
    }
  }

  /// The limits that live. What the engine does not enforce is as it was stated.
  static func resources(_ host: HostConfig, stated: Resources) -> Resources {
    var live = Resources()
    if let cpu = host.nanoCPUs, cpu > 0 { live.cpu = CPUQuantity(millicores: cpu / nanosPerMillicore) }
    if let memory = host.memory, memory > 0 { live.memory = ByteQuantity(bytes: memory) }
    live.gpu = (host.deviceRequests ?? []).first { $0.capabilities?.contains(["gpu"]) ?? false }?.count
    live.disk = stated.disk
    return live
  }

  // MARK: Health

  /// The check that the engine itself makes; `nil` leaves the image's own.
  static func healthcheck(_ check: HealthCheck?) -> HealthcheckConfig? {
    switch check?.probe {
    case .command(let command):
      HealthcheckConfig(
        test: ["CMD"] + command.map(fill), interval: nanoseconds(check?.interval),
        timeout: nanoseconds(check?.timeout), retries: check?.retries)
    // Berth asks itself, and the image's own check would only be in the way.
    case .http, .tcp: HealthcheckConfig(test: ["NONE"])
    case nil: nil
    }
  }

  private static func nanoseconds(_ duration: SpecDuration?) -> Int64? {
    duration.map { $0.milliseconds * 1_000_000 }
  }

  /// The check that lives.
  static func healthCheck(_ live: HealthcheckConfig?, stated: HealthCheck?) -> HealthCheck? {
    // Only checks by command are the engine's.
    guard case .command = stated?.probe, live != healthcheck(stated) else { return stated }
    guard let live, let test = live.test, test.first == "CMD" else { return nil }
    var check = stated ?? HealthCheck()
    check.command = Array(test.dropFirst())
    if let interval = live.interval { check.interval = SpecDuration(milliseconds: interval / 1_000_000) }
    if let timeout = live.timeout { check.timeout = SpecDuration(milliseconds: timeout / 1_000_000) }
    if let retries = live.retries { check.retries = retries }
    return check
  }

  // MARK: Ports

  /// The engine's name of a port: `8080/tcp`.
  static func name(of port: Port) -> String { "\(port.container)/\(port.protocol.rawValue)" }

  /// The ports that live.
  static func ports(_ bindings: [String: [PortBinding]?]?) -> [Port] {
    (bindings ?? [:]).compactMap { name, places in
      let parts = name.split(separator: "/")
      guard let number = parts.first.flatMap({ Int($0) }),
        let transport = TransportProtocol(rawValue: parts.count > 1 ? String(parts[1]) : "tcp")
      else { return nil }
      var port = Port()
      port.container = number
      port.protocol = transport
      port.host = places?.first?.port.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
      return port
    }.sorted { $0.precedes($1) }
  }
}
