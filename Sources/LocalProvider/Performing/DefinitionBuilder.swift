import Planning
import ProviderKit
import WorkloadSpec

/// Turns a service of the spec into what a supervisor needs to run it.
struct DefinitionBuilder {
  /// Where things lie.
  let layout: Layout
  /// `NAME=value` texts that every service inherits.
  let inherited: [String]
  /// The instance.
  let id: InstanceID
  /// What the action is performed with.
  let context: ActionContext
  /// The workload.
  let workload: Workload

  private var folder: InstanceFolder { layout.instance(id, of: context.key) }

  /// The definition of a service.
  ///
  /// - Parameters:
  ///   - ports: the ports that it was given.
  ///   - before: what ran before it under its name.
  ///   - isKeptStopped: whether it is only made ready to run.
  /// - Throws: ``ActionFailure`` if the service can't be run here, or a secret is missing.
  func definition(
    of service: Service, ports: [AssignedPort], replacing before: MadeService?,
    isKeptStopped: Bool
  ) throws(ActionFailure) -> ServiceDefinition {
    guard !service.command.isEmpty else {
      throw ActionFailure("`\(service.name)` has no command, and images are not run here")
    }
    let texts = ServiceTexts(root: folder.root(of: service.name))
    let places = try places(of: service)
    let items = try items(of: service, places)
    let environment = try ServiceEnvironment(
      of: service, in: id, inherited: inherited, ports: ports.map { ($0.container, $0.host) }, texts: texts,
      root: texts.root, context)
    let wanted = layout.filePlaces(of: workload, id, of: context.key)
    return ServiceDefinition(
      record: record(of: service, ports: ports, places),
      command: (service.command + service.args).map(texts.fill),
      environment: environment.plain.entries.map { "\($0.key)=\($0.value)" },
      secretEnvironment: environment.secret.map { Array("\($0.name)=".utf8) + $0.value.bytes },
      isKeptStopped: isKeptStopped,
      restart: service.restart, stopGrace: service.stopGrace.milliseconds,
      limits: ServiceLimits(
        cpu: service.resources.cpu?.millicores, memory: service.resources.memory?.bytes),
      check: service.healthCheck.flatMap { Self.check($0, ports: ports, texts) },
      volumes: places.all, former: before?.places.all ?? [], items: items,
      obsolete: before?.obsolete(besides: wanted, context.digestKey) ?? [])
  }

  private func record(
    of service: Service, ports: [AssignedPort], _ places: VolumePlaces
  ) -> ServiceRecord {
    let stamp = context.stamp(for: service, in: id)
    let digests = context.stampedDigests(of: service, ServiceTexts(root: places.root))
    let now = Clocks.now
    return ServiceRecord(
      name: service.name, spec: service.plain, labels: workload.labels.plain, run: stamp.run.description,
      digest: stamp.digest.description,
      secretDigests: .map(digests.sorted { $0.key < $1.key }.map { Value.Member($0.key, .string($0.value)) }),
      isInit: service.role.isRunToEnd,
      dependencies: Self.dependencies(of: service, in: workload), ports: ports, volumes: places.all,
      since: now, attemptedAt: now)
  }

  /// What must be ready before a service, and stops after it: what it names, and for a sidecar that main does
  /// not wait for, main.
  static func dependencies(of service: Service, in workload: Workload) -> [String] {
    // What runs once per run has run before anything is started.
    if service.role == .before { return [] }
    var names = Set(service.dependsOn.elements).subtracting(workload.befores.map(\.name))
    if service.role == .sidecar, let main = workload.main, !reaches(service.name, from: main, in: workload) {
      names.insert(main.name)
    }
    return names.sorted()
  }

  private static func reaches(_ name: String, from start: Service, in workload: Workload) -> Bool {
    var seen: Set<String> = []
    var open = start.dependsOn.elements
    while let next = open.popLast() {
      if next == name { return true }
      if seen.insert(next).inserted { open += workload.service(next)?.dependsOn.elements ?? [] }
    }
    return false
  }

  // MARK: The root folder

  private func places(of service: Service) throws(ActionFailure) -> VolumePlaces {
    let places = layout.volumePlaces(of: service, in: workload, id, of: context.key)
    for volume in service.volumes where places.place(of: volume.mountPath) == nil {
      throw outside(volume.mountPath, of: service)
    }
    return places
  }

  private func items(
    of service: Service, _ places: VolumePlaces
  ) throws(ActionFailure) -> [FolderItem] {
    var items: [FolderItem] = []
    func add(_ path: String, _ bytes: [UInt8], _ mode: UInt32) throws(ActionFailure) {
      guard let place = places.place(of: path) else { throw outside(path, of: service) }
      items.append(FolderItem(place: place, bytes: bytes, mode: mode))
    }
    for file in try context.files(of: service, ServiceTexts(root: places.root)) {
      try add(file.path, file.content, file.mode)
    }
    return items
  }

  private func outside(_ path: String, of service: Service) -> ActionFailure {
    ActionFailure("`\(path)` is not a path within the root folder of `\(service.name)`")
  }

  /// Where a volume is.
  func location(of volume: Volume) -> VolumeLocation {
    layout.location(of: volume, ordinal: ordinal(of: volume), in: folder, of: context.key)
  }

  /// The ordinal that a persistent volume belongs to; `nil` if all instances share it.
  func ordinal(of volume: Volume) -> Int? { workload.kind.hasStableInstances ? id.ordinal : nil }

  // MARK: Health

  /// A check, by the numbers of this machine.
  static func check(
    _ check: HealthCheck, ports: [AssignedPort], _ texts: ServiceTexts
  ) -> CheckDefinition? {
    func host(_ container: Int) -> Int {
      ports.first { $0.container == container && $0.transport == .tcp }?.host ?? container
    }
    let probe: HealthCheck.Probe
    switch check.probe {
    case .http(let path, let port): probe = .http(path: texts.fill(path), port: host(port))
    case .tcp(let port): probe = .tcp(port: host(port))
    case .grpc(let service, let port): probe = .grpc(service: service, port: host(port))
    case .command(let command): probe = .command(command.map(texts.fill))
    case nil: return nil
    }
    return CheckDefinition(
      probe: probe, interval: check.interval.milliseconds, timeout: check.timeout.milliseconds,
      retries: check.retries, startInterval: check.startInterval?.milliseconds, status: check.status,
      headers: check.headers)
  }
}

extension GivenFile {
  /// Its permissions.
  fileprivate var mode: UInt32 {
    if let statedMode { return statedMode }
    return switch purpose {
    case .config: 0o600
    case .secret: Self.secretMode
    case .certificate: 0o444
    }
  }
}
