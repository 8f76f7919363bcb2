import WorkloadSpec

/// The places that there should be for instances, and which instances live in them.
struct InstanceSlots {
  /// A place among the replicas.
  struct Slot {
    /// Its number, from 0.
    let ordinal: Int
    /// The instances that live there: more than one during a surge, and after one that did not end.
    let live: [ObservedInstance]
  }

  /// The wanted places in order.
  let wanted: [Slot]
  /// The live instances in places that nobody wants.
  let surplus: [ObservedInstance]

  /// The places that a workload wants for some instances; without a workload, none.
  init(_ desired: Workload?, for instances: [ObservedInstance]) {
    let byOrdinal = Dictionary(grouping: instances, by: \.id.ordinal)
    let ordinals: [Int]
    if let desired {
      // A number that the spec does not set is not owned: it stays what it is.
      ordinals =
        desired.replicas.map { Array(0..<$0) } ?? (byOrdinal.isEmpty ? [0] : byOrdinal.keys.sorted())
    } else {
      ordinals = []
    }
    wanted = ordinals.map { Slot(ordinal: $0, live: byOrdinal[$0] ?? []) }
    let places = Set(ordinals)
    surplus = instances.filter { !places.contains($0.id.ordinal) }
  }
}
