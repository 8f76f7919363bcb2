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
    let root = folder.root(of: service.name)
    let places = try places(of: service)
    let items = try items(of: service, places)
    let wanted = layout.filePlaces(of: workload, id, of: context.key)
    return ServiceDefinition(
      record: try record(of: service, ports: ports, places),
      command: (service.command + service.args).map { Self.fill($0, root) },
      environment: environment(of: service, ports: ports, root: root),
      secretEnvironment: try secretEnvironment(of: service, root: root), isKeptStopped: isKeptStopped,
      restart: service.restart, stopGrace: service.stopGrace.milliseconds,
      limits: ServiceLimits(
        cpu: service.resources.cpu?.millicores, memory: service.resources.memory?.bytes),
      check: service.healthCheck.flatMap { Self.check($0, ports: ports, root: root) },
      volumes: places.all, former: before?.places.all ?? [], items: items,
      obsolete: before?.obsolete(besides: wanted, context.digestKey) ?? [])
  }

  private func record(
    of service: Service, ports: [AssignedPort], _ places: VolumePlaces
  ) throws(ActionFailure) -> ServiceRecord {
    let stamp = context.stamp(for: service, in: id)
    var digests = context.secretDigests(of: service)
    if let digestKey = context.digestKey {
      for file in service.configFiles where file.holdsSecrets {
        digests[file.sealName] = SecretDigest.text(
          of: try content(of: file, places.root), named: file.sealName, digestKey: digestKey)
      }
    }
    let now = Clocks.now
    return ServiceRecord(
      name: service.name, spec: service.plain, labels: workload.labels.plain, run: stamp.run.description,
      digest: stamp.digest.description,
      secretDigests: .map(digests.sorted { $0.key < $1.key }.map { Value.Member($0.key, .string($0.value)) }),
      isInit: service.role == .`init`,
      dependencies: Self.dependencies(of: service, in: workload), ports: ports, volumes: places.all,
      since: now, attemptedAt: now)
  }

  /// What must be ready before a service, and stops after it: what it names, and for a sidecar that main does
  /// not wait for, main.
  static func dependencies(of service: Service, in workload: Workload) -> [String] {
    var names = Set(service.dependsOn.elements)
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

  static func fill(_ text: String, _ root: String) -> String { Interpolation.fill(text, ["root": root]) }

  /// What a text in which secrets could stand, and none does, is handed over as.
  static func fillText(_ text: String, _ root: String) -> String {
    fill(SecretText(text).replacingSecrets(with: ""), root)
  }

  // MARK: Environment

  /// What is inherited comes first, then ports, then the spec; names of berth's own come last and win.
  private func environment(of service: Service, ports: [AssignedPort], root: String) -> [String] {
    var variables = StringMap()
    for text in inherited {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    }
    if let first = ports.first { variables["PORT"] = String(first.host) }
    for port in ports { variables["PORT_\(port.container)"] = String(port.host) }
    for entry in service.env.entries { variables[entry.key] = Self.fillText(entry.value, root) }
    // What holds a secret is not among them, also if it is inherited.
    for name in secretVariables(of: service) { variables[name] = nil }
    variables["BERTH_ROOT"] = root
    variables["BERTH_NAMESPACE"] = context.key.namespace
    variables["BERTH_WORKLOAD"] = context.key.name
    variables["BERTH_INSTANCE"] = id.description
    variables["BERTH_SERVICE"] = service.name
    return variables.entries.map { "\($0.key)=\($0.value)" }
  }

  /// The names of the variables that hold a secret.
  private func secretVariables(of service: Service) -> [String] {
    service.secretUses.compactMap { use in
      switch use.place {
      case .variable(let name): name
      case .listed, .configFile: nil
      }
    } + service.secrets.filter { $0.type == .env }.map(\.as)
  }

  private func secretEnvironment(of service: Service, root: String) throws(ActionFailure) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    for secret in service.secrets where secret.type == .env {
      texts.append(try variable(secret.as, context.secret(secret.key)))
    }
    for entry in service.env.entries where !SecretText(entry.value).keys.isEmpty {
      let value = try context.fillingSecrets(of: entry.value) { Self.fill($0, root) }
      texts.append(try variable(entry.key, value))
    }
    return texts
  }

  private func variable(_ name: String, _ value: SecretValue) throws(ActionFailure) -> [UInt8] {
    guard !value.bytes.contains(0) else {
      throw ActionFailure("the secret in `\(name)` holds a null character, which no variable can hold")
    }
    return Array("\(name)=".utf8) + value.bytes
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
    for file in service.configFiles {
      try add(file.path, try content(of: file, places.root), file.holdsSecrets ? 0o400 : 0o600)
    }
    for secret in service.secrets {
      for (path, bytes, mode) in try files(of: secret) { try add(path, bytes, mode) }
    }
    return items
  }

  private func outside(_ path: String, of service: Service) -> ActionFailure {
    ActionFailure("`\(path)` is not a path within the root folder of `\(service.name)`")
  }

  private func content(of file: ConfigFile, _ root: String) throws(ActionFailure) -> [UInt8] {
    try context.fillingSecrets(of: file.content) { Self.fill($0, root) }.bytes
  }

  /// The files that a secret is handed over in.
  private func files(
    of secret: SecretReference
  ) throws(ActionFailure) -> [(path: String, bytes: [UInt8], mode: UInt32)] {
    switch secret.type {
    case .env, .registry: return []
    case .file: return [(secret.as, try context.secret(secret.key).bytes, 0o400)]
    case .tls:
      let value = try context.secret(secret.key)
      do {
        let credentials = try TLSCredentials(value)
        return [
          (secret.certificatePath, credentials.certificates, 0o444), (secret.keyPath, credentials.key, 0o400),
        ]
      } catch {
        throw ActionFailure("the secret `\(secret.key)` can't be handed over: \(error.message)")
      }
    }
  }

  /// Where a volume is.
  func location(of volume: Volume) -> VolumeLocation {
    layout.location(of: volume, ordinal: ordinal(of: volume), in: folder, of: context.key)
  }

  /// The ordinal that a persistent volume belongs to; `nil` if all instances share it.
  func ordinal(of volume: Volume) -> Int? { workload.kind == .statefulSet ? id.ordinal : nil }

  // MARK: Health

  /// A check, by the numbers of this machine.
  static func check(_ check: HealthCheck, ports: [AssignedPort], root: String) -> CheckDefinition? {
    func host(_ container: Int) -> Int {
      ports.first { $0.container == container && $0.transport == .tcp }?.host ?? container
    }
    let probe: HealthCheck.Probe
    switch check.probe {
    case .http(let path, let port): probe = .http(path: fill(path, root), port: host(port))
    case .tcp(let port): probe = .tcp(port: host(port))
    case .command(let command): probe = .command(command.map { fill($0, root) })
    case nil: return nil
    }
    return CheckDefinition(
      probe: probe, interval: check.interval.milliseconds, timeout: check.timeout.milliseconds,
      retries: check.retries)
  }
}
