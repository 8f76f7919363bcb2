import WorkloadSpec

extension PlanInput {
  /// What only one instance of a deployment can have at a time, so that none starts before every other one has ended:
  /// as the workload is wanted, or as it was released and is there.
  func soleUse(of desired: Workload) -> SoleUse? {
    guard !desired.kind.hasStableInstances else { return nil }
    if let use = desired.soleUse { return use }
    // What runs was promised to be alone with a volume, even if its successors are made to share it.
    guard let last = lastRelease?.snapshot, observation.instances.places == 1 else {
      return nil
    }
    let kept = Set(desired.elements.flatMap(\.volumes).filter(\.outlivesInstances).map(\.name))
    return last.elements.lazy.flatMap { last.volumesForOne($0.volumes) }.first { kept.contains($0.name) }.map
    {
      .volume($0.name)
    }
  }
}
