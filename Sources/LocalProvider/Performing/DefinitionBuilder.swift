import Planning
import ProviderKit
import Supervisor
import Values
import WorkloadSpec

/// Turns a service of the spec into what a supervisor needs to run it.
struct DefinitionBuilder {
  let layout: Layout
  /// `NAME=value` texts that every service inherits.
  let inherited: [String]
  let id: InstanceID
  /// What the action is performed with.
  let context: ActionContext
  let workload: Workload
  /// What the service is given for the addresses in its texts, by the name of the reference.
  var addresses: [String: String] = [:]
  /// What becomes of fields on this machine.
  var fields = LocalFields.on(EngineFacts())
  /// What supervisors may do.
  var rights = OwnRights.current

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
    let texts = texts(root: folder.root(of: service.name))
    let places = try places(of: service)
    let items = try items(of: service, places)
    let conditions = try conditions(of: service)
    let environment = try ServiceEnvironment(
      of: service, in: id, inherited: inherited(by: service, conditions),
      ports: ports.map { ($0.container, $0.host) }, texts: texts,
      root: texts.root, context)
    let wanted = layout.filePlaces(of: workload, id, of: context.key)
    let volumes = volumes(at: places)
    return ServiceDefinition(
      record: record(of: service, ports: ports, places, volumes),
      running: RunningDefinition(
        command: (service.command + service.args).map(texts.fill),
        environment: environment.plain.entries.map { "\($0.key)=\($0.value)" },
        restart: .init(spelledLike: service.restart), maxRestarts: service.maxRestarts.map { Int64($0) },
        stopGrace: service.stopGrace.milliseconds, stopSignal: service.stopSignal, conditions: conditions,
        limits: limits(of: service),
        check: service.healthCheck.flatMap { Self.check($0, ports: ports, texts) }),
      secretEnvironment: environment.secret.map { Array("\($0.name)=".utf8) + $0.value.bytes },
      isKeptStopped: isKeptStopped, workingPlace: workingPlace(of: conditions, places), volumes: volumes,
      former: before?.places.all ?? [], items: items,
      obsolete: before?.obsolete(besides: wanted, context.digestKey) ?? [])
  }

  private func texts(root: String) -> ServiceTexts { ServiceTexts(root: root, addresses: addresses) }

  // MARK: How it is run

  private func isTold(_ field: String) -> Bool {
    fields.table["services." + field]?.treatment.isTold ?? false
  }

  private func conditions(of service: Service) throws(ActionFailure) -> ProcessConditions {
    var conditions = ProcessConditions()
    conditions.workingDir = service.workingDir
    conditions.user = service.user
    conditions.groups = service.groups.elements
    do { conditions.identity = try ProcessIdentity.needed(by: service, rights) } catch {
      throw ActionFailure("`\(service.name)` \(error.words)")
    }
    if isTold("hostname") { conditions.hostname = service.hostname }
    if isTold("network.mode"), !service.$network.isUnset {
      conditions.network = .init(spelledLike: service.network.mode)
    }
    if !service.$security.isUnset {
      let security = service.security
      conditions.noNewPrivileges = security.noNewPrivileges && isTold("security.noNewPrivileges")
      conditions.readOnlyRoot = security.readOnlyRoot && isTold("security.readOnlyRoot")
      if isTold("security.capabilities.add") {
        conditions.addedCapabilities = security.capabilities.add.elements
      }
      if isTold("security.capabilities.drop") {
        conditions.droppedCapabilities = security.capabilities.drop.elements
      }
    }
    conditions.ulimits = service.resources.ulimits.map { .init($0) }
    if isTold("resources.oomScore") { conditions.oomScore = service.resources.oomScore }
    if isTold("resources.cpuset") { conditions.cpuset = service.resources.cpuset }
    return conditions
  }

  private func limits(of service: Service) -> ServiceLimits {
    let resources = service.resources
    var limits = ServiceLimits(cpu: resources.cpu?.millicores, memory: resources.memory?.bytes)
    if isTold("resources.pids") { limits.pids = resources.pids.map { Int64($0) } }
    if isTold("resources.swap") { limits.swap = resources.swap?.bytes }
    if isTold("resources.reservations.cpu") { limits.reservedCPU = resources.reservations.cpu?.millicores }
    if isTold("resources.reservations.memory") {
      limits.reservedMemory = resources.reservations.memory?.bytes
    }
    return limits
  }

  /// What it inherits: another user has a folder of its own.
  private func inherited(by service: Service, _ conditions: ProcessConditions) -> [String] {
    guard conditions.identity != nil, let user = service.user.flatMap({ Accounts.user(of: $0) }) else {
      return inherited
    }
    return inherited.filter { !$0.hasPrefix("HOME=") } + ["HOME=\(user.home)"]
  }

  /// The folder that it starts in, as far as berth may make it: not in what it did not make, nor in memory.
  private func workingPlace(of conditions: ProcessConditions, _ places: VolumePlaces) -> FolderPlace? {
    guard let path = conditions.workingDir, let place = places.place(of: path),
      !places.all.contains(where: { $0.path == places.parts(path) }),
      places.volume(around: path).map({ $0.kind == .made && !$0.isReadOnly }) ?? true
    else { return nil }
    return place
  }

  private func volumes(at places: VolumePlaces) -> [VolumePlace] {
    guard !isTold("volumes.readOnly") else { return places.all }
    return places.all.map { volume in
      var volume = volume
      volume.isReadOnly = false
      return volume
    }
  }

  private func record(
    of service: Service, ports: [AssignedPort], _ places: VolumePlaces, _ volumes: [VolumePlace]
  ) -> ServiceRecord {
    let stamp = context.stamp(for: service, in: id)
    let digests = context.stampedDigests(of: service, texts(root: places.root))
    return ServiceRecord(
      name: service.name, spec: service.plain, labels: workload.labels.plain, run: stamp.run.description,
      digest: stamp.digest.description,
      secretDigests: .texts(digests), isInit: service.role.isRunToEnd,
      dependencies: Self.dependencies(of: service, in: workload), ports: ports, addresses: addresses,
      volumes: volumes, at: Clocks.now)
  }

  /// What must be ready before a service, and stops after it: what it names, and for a sidecar that main does
  /// not wait for, main.
  static func dependencies(of service: Service, in workload: Workload) -> [String] {
    // What runs once per run has run before anything is started.
    if service.role == .before { return [] }
    var names = Set(service.waitsFor.elements).subtracting(workload.befores.map(\.name))
    if service.role == .sidecar, let main = workload.main, !reaches(service.name, from: main, in: workload) {
      names.insert(main.name)
    }
    return names.sorted()
  }

  private static func reaches(_ name: String, from start: Service, in workload: Workload) -> Bool {
    var seen: Set<String> = []
    var open = start.waitsFor.elements
    while let next = open.popLast() {
      if next == name { return true }
      if seen.insert(next).inserted { open += workload.service(next)?.waitsFor.elements ?? [] }
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
    func add(_ path: String, _ bytes: [UInt8], _ mode: UInt32, _ owner: FileOwner?) throws(ActionFailure) {
      guard let place = places.place(of: path) else { throw outside(path, of: service) }
      items.append(FolderItem(place: place, bytes: bytes, mode: mode, owner: owner))
    }
    for file in try context.files(of: service, texts(root: places.root)) {
      try add(file.path, file.content, file.mode, file.owner.map { FileOwner($0) })
    }
    return items
  }

  private func outside(_ path: String, of service: Service) -> ActionFailure {
    ActionFailure("`\(path)` is not a path within the root folder of `\(service.name)`")
  }

  /// Where a volume is.
  func location(of volume: Volume, of service: Service) -> VolumeLocation {
    layout.location(
      of: volume, seenBy: service.name, ordinal: ordinal(of: volume), in: folder, of: context.key)
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
    let question: CheckDefinition.Question
    switch check.probe {
    case .http(let path, let port): question = .http(path: texts.fill(path), port: host(port))
    case .tcp(let port): question = .tcp(port: host(port))
    case .grpc(let service, let port): question = .grpc(service: service, port: host(port))
    case .command(let command): question = .command(command.map(texts.fill))
    case nil: return nil
    }
    return CheckDefinition(
      question, interval: check.interval.milliseconds, timeout: check.timeout.milliseconds,
      retries: check.retries, startInterval: check.startInterval?.milliseconds, status: check.status.elements,
      headers: Dictionary(uniqueKeysWithValues: check.headers.entries.map { ($0.key, $0.value) }))
  }
}

extension GivenFile {
  fileprivate var mode: UInt32 {
    if let statedMode { return statedMode }
    return switch purpose {
    case .config: 0o600
    case .secret: Self.secretMode
    case .certificate: 0o444
    }
  }
}
