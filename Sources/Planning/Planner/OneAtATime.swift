import WorkloadSpec

extension PlanInput {
  /// What only one instance of a deployment can have at a time, so that none starts before every other one has ended:
  /// as the workload is wanted, or as it was released and is there.
  func soleUse(of desired: Workload) -> SoleUse? {
    guard desired.kind == .deployment else { return nil }
    if let use = desired.soleUse { return use }
    // What runs was promised to be alone with a volume, even if its successors are made to share it.
    guard let last = lastRelease?.snapshot, Set(observation.instances.map(\.id.ordinal)).count == 1 else {
      return nil
    }
    let kept = Set(desired.services.flatMap(\.volumes).filter { $0.type == .persistent }.map(\.name))
    return last.services.lazy.flatMap { last.volumesForOne(of: $0) }.first { kept.contains($0.name) }.map {
      .volume($0.name)
    }
  }
}
