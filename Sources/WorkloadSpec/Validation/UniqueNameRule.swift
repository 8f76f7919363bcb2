/// A name stands for one workload.
enum UniqueNameRule {
  /// Checks workloads that are ordered by name. What is told apart in the files may be the same once
  /// variables are filled in.
  ///
  /// - Returns: the indices of the workloads whose name is not theirs alone.
  static func check(
    _ workloads: [(workload: Workload, places: SpecPlaces)], _ diagnostics: inout Diagnostics
  ) -> Set<Int> {
    var refused: Set<Int> = []
    for (index, (first, second)) in zip(workloads, workloads.dropFirst()).enumerated()
    where first.workload.name == second.workload.name && !first.workload.name.isEmpty {
      diagnostics.report(
        .duplicateWorkload, "there are two workloads `\(first.workload.name)`",
        at: second.places.place("name"), help: "rename one of them",
        related: RelatedLocation.list("the first is here", first.places.place("name")))
      refused.formUnion([index, index + 1])
    }
    return refused
  }
}
