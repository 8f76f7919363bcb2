import WorkloadSpec

/// Which instances there should be, and which of those that live take their places.
struct InstanceSlots {
  /// A wanted instance with the one that lives in its place, if one does.
  struct Slot {
    let id: InstanceID
    let live: ObservedInstance?
  }

  /// The wanted instances in order.
  let wanted: [Slot]
  /// The live instances that nobody wants.
  let surplus: [ObservedInstance]

  init(_ input: PlanInput) {
    let instances = input.observation.instances
    let count: Int
    if let desired = input.desired {
      // A number that the spec does not set is not owned: it stays what it is.
      let live = Set(instances.map(\.id.ordinal)).count
      count = desired.replicas ?? (live > 0 ? live : 1)
    } else {
      count = 0
    }
    var byOrdinal: [Int: [ObservedInstance]] = [:]
    for instance in instances { byOrdinal[instance.id.ordinal, default: []].append(instance) }
    var wanted: [Slot] = []
    var taken: Set<InstanceID> = []
    let ordinals =
      input.desired?.replicas == nil && !byOrdinal.isEmpty && count > 0
      ? byOrdinal.keys.sorted() : Array(0..<count)
    for ordinal in ordinals {
      // Of an instance and its successor, both left by a surge that did not end, the ready one stays, and
      // the later one if both are.
      let candidates = byOrdinal[ordinal] ?? []
      let live = candidates.max {
        ($0.isReady ? 1 : 0, $0.id.generation) < ($1.isReady ? 1 : 0, $1.id.generation)
      }
      if let live { taken.insert(live.id) }
      wanted.append(Slot(id: live?.id ?? InstanceID(ordinal), live: live))
    }
    self.wanted = wanted
    surplus = instances.filter { !taken.contains($0.id) }
  }
}
