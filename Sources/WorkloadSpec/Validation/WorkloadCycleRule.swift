import Diagnostics

/// No workload waits for itself, be it by others.
enum WorkloadCycleRule {
  /// Checks the workloads of one run against each other. What they wait for elsewhere, only the target can tell.
  ///
  /// - Parameter workloads: those that wait for any.
  /// - Returns: the indices of the workloads that can't be ordered.
  static func check(
    across workloads: [(workload: Workload, places: SpecPlaces)], _ diagnostics: inout Diagnostics
  ) -> Set<Int> {
    let names = Set(workloads.map(\.workload.name))
    var edges: [String: [String]] = [:]
    for (workload, _) in workloads {
      edges[workload.name] = workload.waitsFor.elements.filter(names.contains)
    }
    guard !edges.isEmpty else { return [] }
    var refused: Set<Int> = []
    for cycle in NameGraph(workloads.map(\.workload.name), edges).cycles {
      let indices = cycle.compactMap { name in workloads.firstIndex { $0.workload.name == name } }
      let targets = cycle.dropFirst() + cycle.prefix(1)
      let places = zip(indices, targets).map {
        workloads[$0].places.place(ofDependency: $1, of: workloads[$0].workload)
      }
      let related = zip(zip(cycle, targets), places).dropFirst().flatMap { step, place in
        RelatedLocation.list("`\(step.0)` waits for `\(step.1)`", place)
      }
      diagnostics.append(Diagnostic(workloadCycle: cycle, at: places[0], related: related))
      refused.formUnion(indices)
    }
    return refused
  }
}

extension SpecPlaces {
  /// Where a workload says that it waits for another one, or refers to it.
  fileprivate func place(ofDependency name: String, of workload: Workload) -> SourceLocation? {
    if !workload.dependsOn.elements.contains(name) {
      for service in workload.services {
        for use in service.addressUses where use.reference.workload == name {
          return place(of: use, in: service)
        }
      }
    }
    return place(of: name, in: "dependsOn")
  }
}

extension Diagnostic {
  /// That workloads wait for each other.
  ///
  /// - Parameter cycle: their names, each before one that it waits for; the last waits for the first.
  package init(
    workloadCycle cycle: [String], at place: SourceLocation? = nil, related: [RelatedLocation] = []
  ) {
    let path = (cycle + cycle.prefix(1)).joined(separator: " → ")
    self.init(
      .workloadCycle,
      cycle.count == 1
        ? "the workload `\(cycle[0])` waits for itself: \(path)"
        : "these workloads wait for each other: \(path)",
      at: place, help: "drop one of the dependencies", related: related)
  }
}
