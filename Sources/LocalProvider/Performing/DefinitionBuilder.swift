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
      record: record(of: service, ports: ports),
      command: (service.command + service.args).map { Self.fill($0, root) },
      environment: environment(of: service, ports: ports, root: root),
      secretEnvironment: try secretEnvironment(of: service), isKeptStopped: isKeptStopped,
      restart: service.restart, stopGrace: service.stopGrace.milliseconds,
      check: service.healthCheck.flatMap { Self.check($0, ports: ports, root: root) },
      items: items, obsolete: obsolete)
  }

  private func record(of service: Service, ports: [AssignedPort]) -> ServiceRecord {
    let stamp = context.stamp(for: service, in: id)
    let digests = service.secrets.compactMap { secret in
      context.secretDigests[secret.key].map { Value.Member(secret.identity, .string($0)) }
    }
    let now = Clocks.now
    return ServiceRecord(
      name: service.name, spec: service.plain, labels: workload.labels.plain, run: stamp.run.description,
      digest: stamp.digest.description, secretDigests: .map(digests), isInit: service.role == .`init`,
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
    for entry in service.env.entries { variables[entry.key] = Self.fill(entry.value, root) }
    for secret in service.secrets where secret.type == .env { variables[secret.as] = nil }
    variables["BERTH_ROOT"] = root
    variables["BERTH_NAMESPACE"] = context.key.namespace
    variables["BERTH_WORKLOAD"] = context.key.name
    variables["BERTH_INSTANCE"] = id.description
    variables["BERTH_SERVICE"] = service.name
    return variables.entries.map { "\($0.key)=\($0.value)" }
  }

  private func secretEnvironment(of service: Service) throws(ActionFailure) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    for secret in service.secrets where secret.type == .env {
      let value = try value(of: secret)
      guard !value.contains(0) else {
        throw ActionFailure("the secret `\(secret.key)` holds a null character, which no variable can hold")
      }
      texts.append(Array("\(secret.as)=".utf8) + value)
    }
    return texts
  }

  private func value(of secret: SecretReference) throws(ActionFailure) -> [UInt8] {
    guard let value = context.secrets[secret.key] else {
      throw ActionFailure("the secret `\(secret.key)` has no value")
    }
    return value.bytes
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
      let content = Array(Self.fill(file.content, root).utf8)
      items.append(FolderItem(place: place, content: .file(content, mode: 0o600)))
    }
    for secret in service.secrets where secret.type == .file {
      let place = try place(of: secret.as, in: service, root: root)
      items.append(FolderItem(place: place, content: .file(try value(of: secret), mode: 0o400)))
    }
    return items
  }

  private func oldPlaces(_ record: ServiceRecord?, root: String) -> [FolderPlace] {
    guard let record, let service = try? Service(json: CanonicalJSON.compact(record.spec)) else { return [] }
    let paths =
      service.configFiles.map(\.path) + service.volumes.map(\.mountPath)
      + service.secrets.filter { $0.type == .file }.map(\.as)
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
