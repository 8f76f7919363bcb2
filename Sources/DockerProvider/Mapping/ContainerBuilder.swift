import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Turns a service of the spec into the container that the engine is asked for.
struct ContainerBuilder {
  /// The workload.
  let workload: Workload
  /// The instance.
  let id: InstanceID
  /// What the action is performed with.
  let context: ActionContext
  /// What becomes of fields on the engine.
  let table: ContainerTable

  private var names: EngineNames { EngineNames(key: context.key) }

  /// What the container of a service is stamped with.
  func stamp(of service: Service) -> ServiceStamp {
    ServiceStamp(
      stamp: context.stamp(for: service, in: id), spec: service, workloadLabels: workload.labels,
      secretDigests: context.secretDigests(of: service).merging(seals(of: service)) { $1 })
  }

  /// The keyed digests of what config files with secrets in them hold, which tell later whether somebody changed them.
  private func seals(of service: Service) -> [String: String] {
    guard let digestKey = context.digestKey else { return [:] }
    var seals: [String: String] = [:]
    for file in service.configFiles where file.holdsSecrets {
      // What a secret without a value comes to is told where the file is made.
      guard let content = try? context.fillingSecrets(of: file.content, fill: ContainerFields.fill) else {
        continue
      }
      seals[file.sealName] = SecretDigest.text(
        of: content.bytes, named: file.sealName, digestKey: digestKey)
    }
    return seals
  }

  /// The container of a service.
  ///
  /// - Parameter mounts: what is mounted in it; by default, the volumes of the spec under their own names.
  /// - Throws: `ActionFailure` if the service has no image, or a secret has no usable value.
  func container(
    of service: Service, mounts: [MountSpec]? = nil
  ) throws(ActionFailure) -> ContainerCreation {
    guard service.image != nil else {
      throw ActionFailure("`\(service.name)` has no image, and that is what containers are made from")
    }
    var creation = ContainerCreation(config: ContainerConfig(), host: HostConfig())
    creation.host.networkMode = names.network(of: id)
    creation.networks = [names.network(of: id): EndpointConfig(aliases: [service.name])]
    creation.config.labels = stamp(of: service).labels
    try table.write(ContainerWriting(builder: self, service: service, mounts: mounts), into: &creation)
    return creation
  }

  /// The volumes of the spec, under their own names.
  func mounts(of service: Service) -> [MountSpec] {
    service.volumes.map { volume in
      MountSpec(
        source: names.volume(VolumePlace(volume, in: id, of: workload.kind)),
        target: ContainerFields.fill(volume.mountPath))
    }
  }

  // MARK: Environment

  /// What the ports are comes first, then the spec; names of berth's own come last and win. The names of the
  /// ports are those that a service is told where numbers are assigned, so that one spec fits both.
  func environment(of service: Service) throws(ActionFailure) -> [String] {
    var variables = StringMap()
    if let first = service.ports.first { variables["PORT"] = String(first.container) }
    for port in service.ports { variables["PORT_\(port.container)"] = String(port.container) }
    for entry in service.env.entries {
      variables[entry.key] = try text(
        of: context.fillingSecrets(of: entry.value, fill: ContainerFields.fill), for: entry.key)
    }
    for secret in service.secrets where secret.type == .env {
      variables[secret.as] = try text(of: context.secret(secret.key), for: secret.as)
    }
    variables["BERTH_ROOT"] = "/"
    variables["BERTH_NAMESPACE"] = context.key.namespace
    variables["BERTH_WORKLOAD"] = context.key.name
    variables["BERTH_INSTANCE"] = id.description
    variables["BERTH_SERVICE"] = service.name
    return variables.entries.map { "\($0.key)=\($0.value)" }
  }

  private func text(of value: SecretValue, for name: String) throws(ActionFailure) -> String {
    guard let text = String(validating: value.bytes, as: UTF8.self), !value.bytes.contains(0) else {
      throw ActionFailure(
        "the secret in `\(name)` holds bytes that no variable of a container can hold: use `type: file`")
    }
    return text
  }

  // MARK: Files

  /// The files that a service is given.
  ///
  /// - Throws: `ActionFailure` if a secret has no value.
  func files(of service: Service) throws(ActionFailure) -> [GivenFile] {
    var files: [GivenFile] = []
    for file in service.configFiles {
      let content = try context.fillingSecrets(of: file.content, fill: ContainerFields.fill)
      files.append(GivenFile(file.path, content.bytes, isSecret: file.holdsSecrets))
    }
    for secret in service.secrets { files += try self.files(of: secret) }
    return files
  }

  private func files(of secret: SecretReference) throws(ActionFailure) -> [GivenFile] {
    switch secret.type {
    case .env, .registry: return []
    case .file: return [GivenFile(secret.as, try context.secret(secret.key).bytes, isSecret: true)]
    case .tls:
      let value = try context.secret(secret.key)
      do {
        let credentials = try TLSCredentials(value)
        return [
          GivenFile(secret.certificatePath, credentials.certificates, isSecret: false),
          GivenFile(secret.keyPath, credentials.key, isSecret: true),
        ]
      } catch {
        throw ActionFailure("the secret `\(secret.key)` can't be handed over: \(error.message)")
      }
    }
  }
}

/// A file that is put into a container before it starts.
struct GivenFile: Sendable, Equatable {
  /// Where the service sees it.
  var path: String
  /// What it holds.
  var content: [UInt8]
  /// Whether only the user that the service runs as may read it.
  var isSecret: Bool
  /// Its permissions.
  var mode: UInt32 { isSecret ? 0o400 : 0o644 }

  /// When a config file was written, as far as it tells itself: whoever writes to it by hand changes that.
  /// In seconds since 1970.
  static let modified: Int64 = 1_111_111_111

  /// A file.
  ///
  /// - Parameter path: as the spec has it.
  init(_ path: String, _ content: [UInt8], isSecret: Bool) {
    self.path = ContainerFields.fill(path)
    self.content = content
    self.isSecret = isSecret
  }
}
