import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Finds out what a container that berth did not make would be stamped with if it became a service's: the spec that it was
/// made from, as if berth had made it from one.
struct AdoptionReading: Sendable {
  let client: DockerClient
  let key: WorkloadKey
  /// The workload as it is wanted.
  let workload: Workload
  /// What becomes of fields on the engine.
  let table: ContainerTable
  /// Finds the target's key for digests of what is secret.
  let digestKey: @Sendable () async throws -> [UInt8]?
  /// The run that goes into the stamp.
  var run = RunID("")

  /// The largest file that is read for a secret, in bytes.
  private static let limit = 1 << 20

  private var names: EngineNames { EngineNames(key: key) }

  /// What a container would be stamped with.
  ///
  /// - Parameters:
  ///   - found: the container, as the engine describes it.
  ///   - image: what its image says.
  ///   - origin: what it belongs to.
  func stamp(
    of found: Container, _ image: ContainerConfig?, as service: Service, in id: InstanceID, origin: String
  ) async throws -> ServiceStamp {
    let container = found.asMade(with: [:])
    let foreign = ForeignSpec(container: container, image: image, wanted: service)
    let stated = foreign.stated
    var stamp = ServiceStamp(
      stamp: Stamp(key: key, instance: id, service: service.name, run: run, digest: SpecDigest("")),
      spec: stated, workloadLabels: workload.labels, secretDigests: [:],
      adoption: ContainerAdoption(
        container: found.id, origin: origin, networks: Set((found.network.networks ?? [:]).keys),
        volumes: dataVolumes(of: foreign, in: id)))
    let files = try await ConfigFileReader(
      client: client, container: found.id, texts: ContainerFields.texts(of: stated), seals: [:],
      digestKey: { nil }, isDeep: true
    ).live(stated.configFiles)
    let reading = ContainerReading(
      names: names, container: container, stamp: stamp, service: stated, configFiles: files)
    var made = foreign.withheld(table.read(reading))
    made.configFiles = asStated(made.configFiles, by: service)
    var digests: [String: String] = [:]
    made.secrets = try await given(made.secrets, container, &digests)
    if let key = try await digestKey() {
      try await addDigests(of: made, container, digestKey: key, to: &digests)
    } else {
      digests = [:]
    }
    stamp.spec = made
    stamp.workloadLabels = reading.labels
    stamp.secretDigests = digests
    var labelled = workload
    labelled.labels = reading.labels
    stamp.stamp = Stamp(
      key: key, instance: id, service: service.name, run: run,
      digest: SpecDigest(of: made, in: labelled, on: DockerFields.all))
    return stamp
  }

  /// Where a container keeps the data of the volumes of a service, by the keys of ``Label/volumes``.
  private func dataVolumes(of foreign: ForeignSpec, in id: InstanceID) -> [String: String] {
    var volumes: [String: String] = [:]
    for mount in foreign.container.host.mounts ?? [] where mount.type == "volume" {
      guard let source = mount.source else { continue }
      let path = MountPath.plain(mount.target)
      if let volume = foreign.wanted.volume(at: path) {
        guard let place = VolumePlace(volume, in: id, of: workload.kind) else { continue }
        volumes[names.volume(place)] = source
      } else if foreign.isOfTheImage(mount) {
        volumes[path] = source
      }
    }
    return volumes
  }

  // MARK: Secrets

  /// A file with secrets in it can hold what it should: whether it does is said by the digests.
  private func asStated(_ files: [ConfigFile], by service: Service) -> [ConfigFile] {
    files.map { file in
      guard file.content == ConfigFile.withheldContent,
        let stated = service.configFiles.first(where: { $0.path == file.path })
      else { return file }
      return stated
    }
  }

  /// Those of some secrets that a container was given, be it with the right value or not.
  private func given(
    _ secrets: [SecretReference], _ container: Container, _ digests: inout [String: String]
  ) async throws -> [SecretReference] {
    let variables = ForeignSpec.variables(of: container.config)
    let key = try await digestKey()
    var given: [SecretReference] = []
    for secret in secrets {
      var value: [UInt8]?
      switch secret.type {
      case .env: value = variables[secret.as].map { Array($0.utf8) }
      case .file: value = try await file(secret.as, of: container)
      // What a registry is shown leaves no trace, and what a certificate is made of is not told apart.
      case .registry, .tls:
        given.append(secret)
        continue
      }
      guard let value else { continue }
      given.append(secret)
      if let key {
        digests[secret.identity] = SecretDigest.text(of: value, named: secret.key, digestKey: key)
      }
    }
    return given
  }

  private func file(_ path: String, of container: Container) async throws -> [UInt8]? {
    try await ContainerFiles(client: client).read(
      ContainerFields.fill(path), of: container.id, upTo: Self.limit)
  }

  /// Adds the digests of the secrets in variables and config files. What can't be the stated text has one that no value
  /// has.
  private func addDigests(
    of service: Service, _ container: Container, digestKey: [UInt8], to digests: inout [String: String]
  ) async throws {
    let variables = ForeignSpec.variables(of: container.config)
    for use in service.secretUses {
      let stated: String
      let actual: [UInt8]?
      switch use.place {
      case .listed: continue
      case .variable(let name):
        stated = service.env[name] ?? ""
        actual = variables[name].map { Array($0.utf8) }
      case .configFile(let name):
        guard let file = service.configFiles.first(where: { $0.name == name }) else { continue }
        stated = file.content
        actual = try await self.file(file.path, of: container)
        if let actual {
          digests[file.sealName] = SecretDigest.text(of: actual, named: file.sealName, digestKey: digestKey)
        }
      }
      let match = actual.flatMap {
        SecretTextMatch($0, stated: stated, fill: ContainerFields.texts(of: service).fill)
      }
      digests[use.identity] =
        match?.values[use.key].map { SecretDigest.text(of: $0, named: use.key, digestKey: digestKey) }
        ?? Self.other
    }
  }

  /// What stands for the digest of what is none of the values of a secret.
  private static let other = "v1:other"
}
