import WorkloadSpec

extension PlanInput {
  /// What only one instance of a deployment can have at a time, so that none starts before every other one has ended:
  /// as the workload is wanted, or as it was released and is there.
  func soleUse(of desired: Workload) -> SoleUse? {
    guard !desired.kind.hasStableInstances else { return nil }
    if let use = desired.soleUse { return use }
    if let port = referredPorts.first { return .referredPort(port.container, service: port.service) }
    // What runs was promised to be alone with a volume, even if its successors are made to share it.
    guard let last = lastRelease?.snapshot, observation.instances.places == 1 else {
      return nil
    }
    for element in last.elements {
      for volume in last.volumesForOne(element.volumes) where desired.keeps(volume.name) {
        return .volume(volume.name)
      }
    }
    return nil
  }
}

extension Workload {
  /// Whether it has a volume of this name that outlives instances.
  fileprivate func keeps(_ volume: String) -> Bool {
    elements.contains { $0.volumes.contains { $0.outlivesInstances && $0.name == volume } }
  }
}
