import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// How single fields of a service are said to the engine, and read back from it.
enum ContainerFields {
  // MARK: Texts

  /// The texts of a service as its container has them: its root folder is the root of everything, and others are found by
  /// their names.
  static func texts(of service: Service) -> ServiceTexts {
    ServiceTexts(root: "") { Addressing.text(of: $0, seenFrom: service) }
  }

  /// A path, or another text in which no address stands, as a container has it.
  static func fill(_ text: String) -> String { ServiceTexts(root: "").fill(text) }

  /// What is live of texts that a service states like this: the statement, if the container has it.
  static func live(_ stated: [String], _ actual: [String]?, of service: Service) -> [String] {
    // What the spec does not state is the image's own.
    guard !stated.isEmpty else { return [] }
    return stated.map(texts(of: service).fill) == actual ?? [] ? stated : actual ?? []
  }

  // MARK: Restarts

  /// The policy of a service. `always` of the engine would start again what operators stopped, when the engine
  /// itself starts; what runs to its end does so once.
  static func restartPolicy(of service: Service) -> DockerAPI.RestartPolicy {
    guard !service.role.isRunToEnd else { return DockerAPI.RestartPolicy(name: "no") }
    return switch service.restart {
    case .always: DockerAPI.RestartPolicy(name: "unless-stopped")
    case .onFailure: DockerAPI.RestartPolicy(name: "on-failure", maximumRetries: service.maxRestarts)
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
    // That what runs to its end is not started again says nothing of what was stated.
    return stated.role.isRunToEnd && live == .never ? stated.restart : live
  }

  /// How often the engine starts a service again after failures; `nil` for without end.
  static func maxRestarts(_ policy: DockerAPI.RestartPolicy?) -> Int? {
    guard policy?.name == "on-failure" else { return nil }
    return policy?.maximumRetries.flatMap { $0 > 0 ? $0 : nil }
  }

  // MARK: Time

  /// Whole seconds, which is all that the engine takes: no less than what was stated.
  static func seconds(_ duration: SpecDuration) -> Int { Int((duration.milliseconds + 999) / 1000) }

  // MARK: Limits

  private static let nanosPerMillicore: Int64 = 1_000_000

  /// Processor time in billionths of a processor; more than there is of it in the world is for the engine to refuse.
  static func nanoCPUs(_ resources: Resources) -> Int64? {
    resources.cpu.map { cpu in
      let (nanos, overflow) = cpu.millicores.multipliedReportingOverflow(by: nanosPerMillicore)
      return overflow ? .max : nanos
    }
  }

  /// The weight of a service when processors are short.
  static func cpuShares(_ service: Service) -> Int64? {
    service.on[DockerService.self].cpuShares.map { Int64($0) }
  }

  /// The limit of processor time that lives.
  static func cpu(_ host: HostConfig) -> CPUQuantity? {
    host.nanoCPUs.flatMap { $0 > 0 ? CPUQuantity(millicores: $0 / nanosPerMillicore) : nil }
  }

  /// The limit of memory that lives.
  static func memory(_ host: HostConfig) -> ByteQuantity? {
    host.memory.flatMap { $0 > 0 ? ByteQuantity(bytes: $0) : nil }
  }

  /// The limit of memory and swap together.
  static func memoryAndSwap(_ resources: Resources) -> Int64? {
    resources.memory.map { memory in
      let (sum, overflow) = memory.bytes.addingReportingOverflow(resources.swap?.bytes ?? 0)
      return overflow ? .max : sum
    }
  }

  /// How much of it may be swapped out, beyond its memory.
  static func swap(_ host: HostConfig) -> ByteQuantity? {
    guard let memory = host.memory, let both = host.memorySwap, memory > 0, both > memory else { return nil }
    return ByteQuantity(bytes: both - memory)
  }

  /// Names of capabilities as the language has them.
  static func capabilities(_ names: [String]?) -> StringSet {
    StringSet((names ?? []).map { $0.hasPrefix("CAP_") ? String($0.dropFirst(4)) : $0 })
  }

  /// How many graphics processors it has.
  static func gpu(_ host: HostConfig) -> Int? {
    (host.deviceRequests ?? []).first { $0.capabilities?.contains(["gpu"]) ?? false }?.count
  }

  // MARK: Health

  /// What the engine itself checks; `nil` leaves the image's own check.
  static func healthcheck(of service: Service) -> HealthcheckConfig? {
    let check = service.healthCheck
    return switch check?.probe {
    case .command(let command): HealthcheckConfig(test: ["CMD"] + command.map(texts(of: service).fill))
    // Berth asks itself, and the image's own check would only be in the way.
    case .http, .tcp, .grpc: HealthcheckConfig(test: ["NONE"])
    case nil: check?.disabled == true ? HealthcheckConfig(test: ["NONE"]) : nil
    }
  }

  /// A time in billionths of a second.
  static func nanoseconds(_ duration: SpecDuration?) -> Int64? {
    duration.map { $0.milliseconds * 1_000_000 }
  }

  /// A time that an engine tells; what it does not tell is what it does by itself.
  static func duration(_ nanoseconds: Int64?, else standard: SpecDuration) -> SpecDuration {
    guard let nanoseconds, nanoseconds > 0 else { return standard }
    return SpecDuration(milliseconds: nanoseconds / 1_000_000)
  }

  // MARK: Ports

  /// The engine's name of a port: `8080/tcp`.
  static func name(of port: Port) -> String { "\(port.container)/\(port.protocol.rawValue)" }

  /// The ports that live.
  static func ports(_ bindings: [String: [PortBinding]?]?) -> [Port] {
    (bindings ?? [:]).keys.compactMap { name in
      let parts = name.split(separator: "/")
      guard let number = parts.first.flatMap({ Int($0) }),
        let transport = TransportProtocol(rawValue: parts.count > 1 ? String(parts[1]) : "tcp")
      else { return nil }
      var port = Port()
      port.container = number
      port.protocol = transport
      return port
    }.sorted { $0.precedes($1) }
  }

  /// The address of the host that a port was asked to have, as it is stated if that is the same.
  static func address(
    of port: Port, stated: [Port], in bindings: [String: [PortBinding]?]?
  ) -> String? {
    let places = bindings?[name(of: port)] ?? bindings?[String(port.container)] ?? nil
    guard let address = places?.first?.address, !address.isEmpty else { return nil }
    let own = stated.first { $0.identity == port.identity }?.address
    return own.map(IPAddress.canonical) == IPAddress.canonical(address) ? own : address
  }

  /// The number on the host that a port was asked to have.
  static func hostPort(of port: Port, in bindings: [String: [PortBinding]?]?) -> Int? {
    // Engines may leave out the protocol.
    let places = bindings?[name(of: port)] ?? bindings?[String(port.container)] ?? nil
    return places?.first?.port.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }
}
