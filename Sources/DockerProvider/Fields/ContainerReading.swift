import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerWriting {
  /// The service's health check, if the engine is to make it.
  var ofCommand: HealthCheck? {
    if case .command = service.healthCheck?.probe { service.healthCheck } else { nil }
  }
}

extension ContainerReading {
  // MARK: Texts

  /// What is live of texts that were stated like this.
  func live(_ stated: [String], _ actual: [String]?) -> [String] {
    ContainerFields.live(stated, actual, of: stamp.spec)
  }

  /// The variables that were stated, as they are. All others are the image's or berth's own.
  var environment: StringMap {
    var live = ContainerFields.texts(of: stamp.spec).environment(
      container.config.environment ?? [], stated: stamp.spec.env, tellsSecrets: true)
    guard stamp.adoption != nil else { return live }
    for entry in stamp.spec.env.entries where entry.value == ForeignSpec.withheld {
      if live[entry.key] != nil { live[entry.key] = ForeignSpec.withheld }
    }
    return live
  }

  /// Those of some stated texts that the container's labels have, as they have them.
  func texts(_ stated: StringMap) -> StringMap {
    StringMap(
      stated.entries.compactMap { entry in
        container.config.labels?[entry.key].map { (key: entry.key, value: $0) }
      })
  }

  /// The workload's labels. What a service's annotation of the same name hides is as it was stated.
  var labels: StringMap {
    var live = texts(stamp.workloadLabels)
    for entry in stamp.workloadLabels.entries where stamp.spec.annotations[entry.key] != nil {
      live[entry.key] = entry.value
    }
    return live
  }

  // MARK: Volumes

  /// The volumes that it mounts.
  var volumes: [WorkloadSpec.Volume] {
    (container.host.mounts ?? []).compactMap { mount in
      let stated = stamp.spec.volume(at: MountPath.plain(mount.target))
      guard mount.type == "volume", let source = mount.source, stated?.type != .external else {
        return ContainerFields.volume(at: mount, stated: stated)
      }
      // What an image has declared: it may hold the data of a volume that the spec has named since.
      guard let place = names.volume(named: source) else {
        // What was adopted keeps its data where it is.
        guard stamp.adoption != nil else { return stated }
        guard var live = stated, live.type == .persistent || live.type == .ephemeral else {
          return ContainerFields.volume(at: mount, stated: stated)
        }
        live.readOnly = mount.readOnly ?? false
        live.subPath = mount.volumeOptions?.subpath
        return live
      }
      var live = WorkloadSpec.Volume()
      live.name = place.name
      live.type = place.type
      let made = stamp.spec.volumes.first { $0.name == place.name }?.mountPath
      live.mountPath = made.flatMap { ContainerFields.fill($0) == mount.target ? $0 : nil } ?? mount.target
      live.readOnly = mount.readOnly ?? false
      live.subPath = mount.volumeOptions?.subpath
      if let driver = stamp.spec.volumes.first(where: { $0.name == place.name })?.driver {
        live.driver = driver
      }
      return live
    }.sorted { $0.precedes($1) }
  }

  /// A volume as berth has it.
  func stated(_ volume: WorkloadSpec.Volume) -> WorkloadSpec.Volume? {
    service.volumes.first { $0.name == volume.name }
  }

  // MARK: Health

  /// The check that the engine makes because the spec says so; another one by command is the image's own.
  var check: HealthcheckConfig? {
    guard case .command = stamp.spec.healthCheck?.probe, let check = container.config.healthcheck,
      check.test?.first == "CMD"
    else { return nil }
    return check
  }

  /// The command of ``check``, in the spec's words where they mean what the container has.
  var checkCommand: [String]? {
    check.map {
      live(stamp.spec.healthCheck?.command ?? [], Array(($0.test ?? []).dropFirst()))
    }
  }

  /// The check that berth makes.
  var ownCheck: HealthCheck? {
    if case .command = service.healthCheck?.probe { return nil }
    return service.healthCheck?.disabled == true ? nil : service.healthCheck
  }

  /// Sets a field of a check that the engine makes.
  func setOfCommand<V>(_ service: inout ServiceFields, _ member: WritableKeyPath<HealthCheck, V>, _ value: V)
  {
    if check != nil { service.healthCheck?[keyPath: member] = value }
  }
}
