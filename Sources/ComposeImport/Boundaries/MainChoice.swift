import WorkloadSpec

/// Which service of a group does the workload's work.
struct MainChoice: Sendable {
  let index: Int
  /// The services that could as well be it.
  let others: [Int]

  /// The service that nothing in the group waits for or names, and of several the first that publishes ports.
  init(of group: [Int], in graph: ServiceGraph) {
    let running = group.filter { !graph.inits.contains($0) }
    let tops =
      [
        Self.untouched(running) { graph.dependencies[$0] + graph.named(by: $0) },
        Self.untouched(running) { graph.dependencies[$0] },
      ].first { !$0.isEmpty } ?? running
    let published = tops.filter { !graph.drafts[$0].ports.isEmpty }
    let replicated = tops.filter { (graph.drafts[$0].replicas?.count ?? 1) > 1 }
    let candidates = [published, replicated].first { !$0.isEmpty } ?? tops
    index = candidates.first ?? group[0]
    others = Array(candidates.dropFirst())
  }

  private static func untouched(_ members: [Int], by targets: (Int) -> [Int]) -> [Int] {
    let touched = Set(members.flatMap { member in targets(member).filter { $0 != member } })
    return members.filter { !touched.contains($0) }
  }
}
