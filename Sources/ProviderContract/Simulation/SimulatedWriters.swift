import Planning
import WorkloadSpec

extension SimulatedWorld {
  /// The instances of a workload that may write, at this moment, to a volume to which one of them believes to be the
  /// only one to write: `volume data: 0, 0_g1`, one line for each such volume.
  public func rivals(of key: WorkloadKey) -> [String] {
    var writers: [SharedPlace: Set<InstanceID>] = [:]
    var claimed: Set<SharedPlace> = []
    let observation = observation(of: key)
    for instance in observation.instances {
      for service in instance.services where service.mayWrite {
        for volume in service.live.spec.volumes where volume.type == .persistent {
          // A stateful set's volumes are those that have an ordinal.
          let isOwn = observation.volumes.contains {
            $0.name == volume.name && $0.ordinal != nil && $0.ordinal == instance.id.ordinal
              && $0.type == .persistent
          }
          let place = SharedPlace(volume: volume.name, ordinal: isOwn ? instance.id.ordinal : nil)
          writers[place, default: []].insert(instance.id)
          if isOwn || volume.access == .one { claimed.insert(place) }
        }
      }
    }
    return claimed.filter { (writers[$0] ?? []).count > 1 }.map { place in
      "volume \(place.volume): \((writers[place] ?? []).sorted().map(\.description).joined(separator: ", "))"
    }.sorted()
  }

  /// What instances share.
  private struct SharedPlace: Hashable {
    let volume: String
    /// The ordinal of the instances that share it; `nil` if all do.
    let ordinal: Int?
  }
}

extension ObservedService {
  /// Whether there may be a process of it.
  fileprivate var mayWrite: Bool {
    switch state {
    case .stopped, .failed, .destroyed: isUnsettled
    case .provisioning, .starting, .running, .stopping, .destroying, .unknown: true
    }
  }
}
