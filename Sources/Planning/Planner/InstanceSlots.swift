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
  /// The live instances in places that are not wanted.
  let surplus: [ObservedInstance]

  /// So many places, for some instances.
  init(_ count: Int, for instances: [ObservedInstance]) {
    let byOrdinal = Dictionary(grouping: instances, by: \.id.ordinal)
    wanted = (0..<count).map { Slot(ordinal: $0, live: byOrdinal[$0] ?? []) }
    surplus = instances.filter { $0.id.ordinal.map { $0 >= count } ?? true }
  }
}
