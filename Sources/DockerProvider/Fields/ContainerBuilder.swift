import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Turns a service of the spec into the container that the engine is asked for.
struct ContainerBuilder {
  let workload: Workload
  let id: InstanceID
  /// What the action is performed with.
  let context: ActionContext
  /// What becomes of fields on the engine.
  let table: ContainerTable

  private var names: EngineNames { EngineNames(key: context.key) }

  /// The network that the containers of the instance are made in.
  var home: ContainerHome { ContainerHome(of: workload, in: id) }

  func stamp(of service: Service) -> ServiceStamp {
    ServiceStamp(
      stamp: context.stamp(for: service, in: id), spec: service, workloadLabels: workload.labels,
      secretDigests: context.stampedDigests(of: service, ContainerFields.texts(of: service)))
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
    switch service.network.mode {
    case .instance:
      guard let (network, endpoint) = ContainerNetworks.home(home, of: service, in: id, names) else { break }
      creation.host.networkMode = network
      creation.networks = [network: endpoint]
    case .host, .none: creation.host.networkMode = service.network.mode.rawValue
    }
    creation.config.labels = stamp(of: service).labels
    let data = dataVolumes(of: service, mounts ?? [])
    if !data.isEmpty { creation.config.labels?[Label.volumes] = Label.text(ofDataVolumes: data) }
    try table.write(ContainerWriting(builder: self, service: service, mounts: mounts), into: &creation)
    return creation
  }

  /// The volumes of the spec, under their own names.
  func mounts(of service: Service) -> [MountSpec] {
    service.volumes.map { volume in
      ContainerFields.mount(volume, of: VolumePlace(volume, in: id, of: workload.kind).map(names.volume))
    }
  }

  /// Those of some mounts that have other names than the volumes of the spec that they are.
  private func dataVolumes(of service: Service, _ mounts: [MountSpec]) -> [String: String] {
    var data: [String: String] = [:]
    for volume in service.volumes {
      guard let place = VolumePlace(volume, in: id, of: workload.kind),
        let source = mounts.first(where: { $0.target == ContainerFields.fill(volume.mountPath) })?.source,
        source != names.volume(place)
      else { continue }
      data[names.volume(place)] = source
    }
    guard id != .before else { return data }
    for mount in mounts
    where mount.type == "volume" && service.volume(at: MountPath.plain(mount.target)) == nil {
      let volume = ImageVolume(service: service.name, path: mount.target)
      guard let source = mount.source, source != names.volume(.image(volume, ordinal: id.place)) else {
        continue
      }
      data[volume.path] = source
    }
    return data
  }

  // MARK: Environment

  /// The variables of a service. The names of the ports are those that a service is told where numbers are assigned, so that
  /// one spec fits both.
  func environment(of service: Service) throws(ActionFailure) -> [String] {
    let environment = try ServiceEnvironment(
      of: service, in: id, ports: service.ports.map { ($0.container, $0.container) },
      texts: ContainerFields.texts(of: service), root: "/", context)
    var variables = environment.plain
    for (name, value) in environment.secret {
      guard let text = String(validating: value.bytes, as: UTF8.self) else {
        throw ActionFailure(
          "the secret in `\(name)` holds bytes that no variable of a container can hold: use `type: file`")
      }
      variables[name] = text
    }
    return variables.entries.map { "\($0.key)=\($0.value)" }
  }

  /// The files that a service is given.
  ///
  /// - Throws: `ActionFailure` if a secret has no value.
  func files(of service: Service) throws(ActionFailure) -> [GivenFile] {
    try context.files(of: service, ContainerFields.texts(of: service))
  }
}

extension GivenFile {
  var mode: UInt32 { statedMode ?? (isSecret ? Self.secretMode : 0o644) }

  /// When a config file was written, as far as it tells itself: a write by hand changes that.
  /// In seconds since 1970.
  static let modified: Int64 = 1_111_111_111
}
