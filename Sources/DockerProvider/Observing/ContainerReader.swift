import DockerAPI
import HealthProbes
import Planning
import Values
import WorkloadSpec

/// Turns what the engine says of a container into what is observed of a service.
struct ContainerReader {
  let names: EngineNames
  let container: Container
  /// What its labels say.
  let stamp: ServiceStamp
  /// The service as berth has it now; see ``ContainerTable/current(made:released:)``.
  let service: Service
  /// What becomes of fields on the engine.
  let table: ContainerTable

  /// How long a service without a health check must run to count as ready.
  static let settling = Duration.milliseconds(300)

  // MARK: How it is configured

  /// The fields as they live, row by row: as the engine has them, as the labels say what it can't tell, and as berth has
  /// what it was told nothing of.
  ///
  /// - Parameter configFiles: the config files, which only looking into the container tells.
  func live(configFiles: [ConfigFile]) -> LiveService {
    let reading = ContainerReading(
      names: names, container: container, stamp: stamp, service: service, configFiles: configFiles)
    let live = table.read(reading)
    return LiveService(spec: live, labels: reading.labels, untold: table.untold(of: live))
  }

  /// The volumes that its image declares and that it mounts, also those that the spec has named since.
  private var imageVolumes: Set<ImageVolume> {
    Set(
      (container.mounts ?? []).filter { mount in
        guard mount.type == "volume", let name = mount.name else { return false }
        // What the spec has a name for is no volume of the image's; a path is the key of one that has none.
        if stamp.adoption?.volumes.contains(where: { $0.value == name && !$0.key.hasPrefix("/") }) == true {
          return false
        }
        return mount.anonymousVolume != nil || names.ordinal(ofImageVolume: name) != nil
      }.map { ImageVolume(service: stamp.stamp.service, path: $0.destination) })
  }

  // MARK: How it is

  /// What the container is doing.
  var state: InstanceState {
    let state = container.state
    switch state.status {
    case "created": return hasFailedToStart ? .failed : .stopped
    case "running": return state.health?.status == "starting" && isChecked ? .starting : .running
    case "paused": return .running
    case "restarting": return .starting
    case "removing": return .destroying
    case "exited": return standing != .current || state.exitCode == 0 ? .stopped : .failed
    case "dead": return .failed
    default: return .unknown
    }
  }

  /// What the process ended with, last time; nothing of one that was stopped.
  var exitCode: Int? {
    switch container.state.status {
    case "exited", "dead": standing == .current ? container.state.exitCode : nil
    case "restarting": container.state.exitCode
    default: nil
    }
  }

  /// When its process started, or ended if it has.
  var since: Timestamp? {
    let moment = isRunning ? container.state.startedAt : container.state.finishedAt
    guard let moment, moment != .never else { return nil }
    return Timestamp(moment)
  }

  /// Whether its process runs.
  var isRunning: Bool { container.state.status == "running" || container.state.status == "paused" }

  /// What it is to its service: the service's own, if it has lost its name.
  private var standing: ContainerStanding {
    guard let place = names.container(named: container.name), place.instance == stamp.stamp.instance,
      place.service == stamp.stamp.service
    else { return .current }
    return place.standing
  }
  private var hasFailedToStart: Bool { !(container.state.error ?? "").isEmpty }

  /// Whether the engine checks the service's health because the spec says so.
  private var isChecked: Bool { if case .command = service.healthCheck?.probe { true } else { false } }

  /// Whether the container can do its work, as far as the engine knows.
  ///
  /// - Parameters:
  ///   - now: the time, for a service without a health check.
  ///   - probe: what a check that berth makes itself found; `nil` if there is none.
  func isReady(now: Timestamp, probe: ProbeResult?) -> Bool {
    if stamp.spec.role.isRunToEnd { return state == .stopped && exitCode == 0 }
    guard container.state.status == "running", standing != .replaced else { return false }
    switch (service.healthCheck?.probe, probe) {
    case (.command, _): return container.state.health?.status == "healthy"
    case (.http, let probe?), (.tcp, let probe?), (.grpc, let probe?): return probe.isHealthy
    case (.http, nil), (.tcp, nil), (.grpc, nil), (nil, _): return hasSettled(now: now)
    }
  }

  /// Whether it has been running for a while. Two machines' clocks may differ: what seems to have started in the
  /// future counts.
  private func hasSettled(now: Timestamp) -> Bool {
    guard let since else { return true }
    let age = now - since
    return age < .zero || age >= Self.settling
  }

  /// What a person should know.
  func message(probe: ProbeResult?) -> String? {
    let state = container.state
    if let error = state.error, !error.isEmpty { return error }
    if standing == .replaced { return "another container was going to take its place" }
    switch state.status {
    case "paused": return "it is paused"
    case "restarting": return "it is started again after exit code \(state.exitCode ?? 0)"
    case "exited", "dead": return state.outOfMemory == true ? "it was killed: out of memory" : nil
    case "running":
      if isChecked, let failure = state.health?.log?.last.flatMap(HealthReport.failure) { return failure }
      return probe.flatMap { $0.isHealthy ? nil : $0.message }
    default: return nil
    }
  }

  /// Where it can be reached now.
  ///
  /// - Parameter host: what the engine's own addresses are called from here.
  func endpoints(host: String) -> [Endpoint] {
    guard isRunning else { return [] }
    return (container.network.ports ?? [:]).compactMap { name, places -> Endpoint? in
      let parts = name.split(separator: "/")
      guard let number = parts.first.flatMap({ Int($0) }), parts.count == 2,
        let transport = TransportProtocol(rawValue: String(parts[1])),
        let place = places?.first(where: { !($0.address ?? "").contains(":") }) ?? places?.first,
        let port = place.port.flatMap({ Int($0) })
      else { return nil }
      let isAnywhere = ["", "0.0.0.0", "::"].contains(place.address ?? "")
      return Endpoint(
        containerPort: number, transport: transport, hostAddress: isAnywhere ? host : place.address ?? host,
        hostPort: port)
    }.sorted { ($0.containerPort, $0.transport.rawValue) < ($1.containerPort, $1.transport.rawValue) }
  }

  func observed(
    configFiles: [ConfigFile], probe: ProbeResult?, host: String, now: Timestamp
  ) -> ObservedService {
    var service = ObservedService(
      name: stamp.stamp.service, stamp: stamp.stamp, state: state, isReady: isReady(now: now, probe: probe),
      restarts: Int(Int32(clamping: container.restartCount ?? 0)), since: since, exitCode: exitCode,
      message: message(probe: probe), endpoints: endpoints(host: host),
      processID: container.state.pid.flatMap { $0 > 0 ? $0 : nil }, live: live(configFiles: configFiles),
      secretDigests: stamp.secretDigests)
    service.isUnsettled = standing == .replaced
    service.imageVolumes = imageVolumes
    return service
  }
}
