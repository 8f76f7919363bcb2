import WorkloadSpec

/// What follows from volumes that images declare: what such a volume holds belongs to its place among the replicas, and
/// only one container at a time may write to it.
struct ImageVolumeRule {
  let observation: Observation
  let desired: Workload

  /// A volume that two instances in one place would both write to if they were there at the same time.
  var shared: ImageVolume? {
    for instance in observation.instances {
      for service in instance.services
      where !service.imageVolumes.isEmpty && service.live.spec.role != .`init` {
        guard let wanted = desired.element(service.name) else { continue }
        if let volume = service.imageVolumes.first(where: { isShared($0, wanted, live: service.live.spec) }) {
          return volume
        }
      }
    }
    return nil
  }

  private func isShared(_ volume: ImageVolume, _ wanted: AnyElement, live: AnyElement) -> Bool {
    guard let named = wanted.volume(at: volume.path) else { return true }
    switch named.type {
    case .ephemeral, .memory, .bind, .external: return false
    // One that has its name already is like any other that the spec names.
    case .persistent: return live.volume(at: volume.path)?.name != named.name
    }
  }

  /// Whether what an observed volume holds will be in use: by a service whose image declares it, as far as that is known,
  /// or under the name that the spec gives it.
  func isWanted(_ observed: ObservedVolume) -> Bool {
    guard let volume = observed.image, let ordinal = observed.ordinal,
      let wanted = desired.element(volume.service), ordinal < (desired.replicas ?? .max)
    else { return false }
    if let named = wanted.volume(at: volume.path) {
      guard named.type == .persistent, !observation.volumes.contains(where: { $0.name == named.name }) else {
        return false
      }
      return desired.kind.hasStableInstances || observation.volumes.count { $0.image == volume } == 1
    }
    let live = observation.instances.filter { $0.id.ordinal == ordinal }.compactMap {
      $0.service(volume.service)
    }
    // Of a service that is not there, its image may still declare it.
    return live.isEmpty || live.contains { $0.imageVolumes.contains(volume) }
  }
}

extension Service {
  /// The volume that the service sees at a path.
  public func volume(at path: String) -> Volume? { volumes.mounted(at: path) }
}

extension AnyElement {
  /// The volume that the element sees at a path.
  func volume(at path: String) -> Volume? { volumes.mounted(at: path) }
}

extension [Volume] {
  fileprivate func mounted(at path: String) -> Volume? {
    first { MountPath.plain(Interpolation.fill($0.mountPath, root: "")) == path }
  }
}
