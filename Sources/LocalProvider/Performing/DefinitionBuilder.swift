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
    of service: Service, ports: [AssignedPort], replacing before: ServiceRecord?,
    isKeptStopped: Bool
  ) throws(ActionFailure) -> ServiceDefinition {
    guard !service.command.isEmpty else {
      throw ActionFailure("`\(service.name)` has no command, and images are not run here")
    }
    let root = folder.root(of: service.name)
    let items = try items(of: service, root: root)
    let obsolete = oldPlaces(before, root: root).filter { place in !items.contains { $0.place == place } }
    return ServiceDefinition(
      record: try record(of: service, ports: ports, root: root),
      command: (service.command + service.args).map { Self.fill($0, root) },
      environment: environment(of: service, ports: ports, root: root),
      secretEnvironment: try secretEnvironment(of: service, root: root), isKeptStopped: isKeptStopped,
      restart: service.restart, stopGrace: service.stopGrace.milliseconds,
      limits: ServiceLimits(
        cpu: service.resources.cpu?.millicores, memory: service.resources.memory?.bytes),
      check: service.healthCheck.flatMap { Self.check($0, ports: ports, root: root) },
      items: items, obsolete: obsolete)
  }

  private func record(
    of service: Service, ports: [AssignedPort], root: String
  ) throws(ActionFailure) -> ServiceRecord {
    let stamp = context.stamp(for: service, in: id)
    var digests = context.secretDigests(of: service)
    if let digestKey = context.digestKey {
      for file in service.configFiles where file.holdsSecrets {
        digests[file.sealName] = SecretDigest.text(
          of: try content(of: file, root), named: file.sealName, digestKey: digestKey)
      }
    }
    let now = Clocks.now
    return ServiceRecord(
      name: service.name, spec: service.plain, labels: workload.labels.plain, run: stamp.run.description,
      digest: stamp.digest.description,
      secretDigests: .map(digests.sorted { $0.key < $1.key }.map { Value.Member($0.key, .string($0.value)) }),
      isInit: service.role == .`init`,
      dependencies: Self.dependencies(of: service, in: workload), ports: ports, since: now, attemptedAt: now)
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

  private func items(of service: Service, root: String) throws(ActionFailure) -> [FolderItem] {
    var items: [FolderItem] = []
    // The outer volumes first, so that the inner ones find them.
    let volumes = service.volumes.sorted { $0.mountPath.utf8.count < $1.mountPath.utf8.count }
    for volume in volumes {
      let place = try place(of: volume.mountPath, in: service, root: root, besides: volume.name)
      items.append(FolderItem(place: place, content: .link(to: path(of: volume))))
    }
    for file in service.configFiles {
      let place = try place(of: file.path, in: service, root: root)
      let mode: UInt32 = file.holdsSecrets ? 0o400 : 0o600
      items.append(FolderItem(place: place, content: .file(try content(of: file, root), mode: mode)))
    }
    for secret in service.secrets {
      for (path, bytes, mode) in try files(of: secret) {
        let place = try place(of: path, in: service, root: root)
        items.append(FolderItem(place: place, content: .file(bytes, mode: mode)))
      }
    }
    return items
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

  private func oldPlaces(_ record: ServiceRecord?, root: String) -> [FolderPlace] {
    guard let record, let service = try? Service(json: CanonicalJSON.compact(record.spec)) else { return [] }
    let paths =
      service.configFiles.map(\.path) + service.volumes.map(\.mountPath)
      + service.secrets.flatMap(\.filePaths)
    return paths.compactMap { try? place(of: $0, in: service, root: root) }
  }

  /// The folder that a volume's data is in.
  func path(of volume: Volume) -> String {
    switch volume.type {
    case .ephemeral: folder.volume(volume.name)
    case .persistent: layout.volume(volume.name, ordinal: ordinal(of: volume), of: context.key).data
    }
  }

  /// The ordinal that a persistent volume belongs to; `nil` if all instances share it.
  func ordinal(of volume: Volume) -> Int? { workload.kind == .statefulSet ? id.ordinal : nil }

  /// Where a path that a service sees really is: under its root, or within the innermost volume around it.
  private func place(
    of path: String, in service: Service, root: String, besides name: String? = nil
  ) throws(ActionFailure) -> FolderPlace {
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
    guard !parts.isEmpty, !parts.contains("..") else {
      throw ActionFailure("`\(path)` is not a path within the root folder of `\(service.name)`")
    }
    var place = FolderPlace(base: root, path: parts)
    var depth = 0
    for volume in service.volumes where volume.name != name {
      let mount = volume.mountPath.split(separator: "/").map(String.init).filter { $0 != "." }
      guard mount.count > depth, mount.count < parts.count, parts.starts(with: mount) else { continue }
      depth = mount.count
      place = FolderPlace(base: self.path(of: volume), path: Array(parts.dropFirst(depth)))
    }
    return place
  }

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
