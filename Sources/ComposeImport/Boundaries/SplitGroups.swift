import Diagnostics
import WorkloadSpec

/// Makes each service a workload of its own, as far as it can be one.
///
/// Services stay together that have something which a workload has for itself, and those that would wait for each other as
/// workloads. What runs once before one workload belongs to it; what runs once before several runs in each.
struct SplitGroups {
  private let drafts: [ServiceDraft]
  private let dependencies: [[Int]]
  private let references: [[HostReference]]
  private let runningOnce: Set<Int>
  /// For each service, those that wait for it.
  private let dependents: [[Int]]
  private var partition: Partition
  /// The groups, by their roots, of what runs once before several of them, by its own root.
  private var copies: [Int: Set<Int>] = [:]

  /// The services of each workload, in the order of the file.
  private(set) var groups: [[Int]] = []
  /// Why services stay together.
  private(set) var ties: [ServiceTie] = []

  init(
    _ drafts: [ServiceDraft], _ dependencies: [[Int]], _ references: [[HostReference]], runningOnce: Set<Int>
  ) {
    self.drafts = drafts
    self.dependencies = dependencies
    self.references = references
    self.runningOnce = runningOnce
    var dependents = Array(repeating: [Int](), count: drafts.count)
    for (index, targets) in dependencies.enumerated() {
      for target in targets where target != index { dependents[target].append(index) }
    }
    self.dependents = dependents
    partition = Partition(count: drafts.count)
  }

  mutating func run() {
    for tie in ServiceTie.all(of: drafts, ignoresExternal: true) where partition.join(tie.first, tie.second) {
      ties.append(tie)
    }
    repeat { placeWhatRunsOnce() } while joinCycles()
    let sets = partition.sets
    var members = Dictionary(uniqueKeysWithValues: sets.map { ($0[0], $0) })
    for (root, targets) in copies {
      guard let set = members.removeValue(forKey: root) else { continue }
      for target in Set(targets.map { partition.root(of: $0) }) { members[target, default: []] += set }
    }
    let runners = members.values.map { $0.sorted() }
    groups = runners.sorted { first(of: $0) < first(of: $1) }
  }

  /// The first service of a group that keeps running: groups are in the order of those.
  private func first(of group: [Int]) -> Int { group.first { !runningOnce.contains($0) } ?? group[0] }

  // MARK: What runs once

  /// Gives what runs once to those that wait for it.
  private mutating func placeWhatRunsOnce() {
    copies = [:]
    var open = partition.sets.filter { $0.allSatisfy(runningOnce.contains) }
    while !open.isEmpty {
      let roots = Set(open.map { partition.root(of: $0[0]) })
      // Those come first that only decided ones wait for.
      if let next = open.firstIndex(where: { waiting(for: $0, among: roots).isEmpty }) {
        place(open.remove(at: next))
      } else {
        // Each has a part that waits for another one.
        let first = open[0]
        for root in waiting(for: first, among: roots) { partition.join(first[0], root) }
        return placeWhatRunsOnce()
      }
    }
  }

  /// The other sets, by their roots, that wait for one.
  private func waiting(for set: [Int], among roots: Set<Int>) -> Set<Int> {
    let waiting = Set(set.lazy.flatMap { dependents[$0] }.map { partition.root(of: $0) })
    return waiting.intersection(roots).subtracting([partition.root(of: set[0])])
  }

  private mutating func place(_ set: [Int]) {
    let root = partition.root(of: set[0])
    var targets: Set<Int> = []
    for index in set.flatMap({ dependents[$0] }) {
      let other = partition.root(of: index)
      if other != root { targets.formUnion(places(of: index)) }
    }
    guard let first = targets.min() else { return }
    if targets.count == 1 {
      partition.join(root, first)
    } else if let needed = set.flatMap({ dependencies[$0] }).map({ partition.root(of: $0) }).first(
      where: targets.contains)
    {
      // It waits for something there, which would not run yet in its copy.
      partition.join(root, needed)
    } else {
      copies[root] = targets
    }
  }

  // MARK: Cycles

  /// Joins the groups that would wait for each other.
  ///
  /// - Returns: whether there were any.
  private mutating func joinCycles() -> Bool {
    var edges: [Int: [Int: SourceLocation]] = [:]
    let names = Set(drafts.map(\.composeName))
    for index in drafts.indices {
      let own = places(of: index)
      let locations = drafts[index].dependencies.filter { names.contains($0.composeName) }.map(\.location)
      var targets = Array(zip(dependencies[index], locations))
      targets += references[index].filter {
        $0.mention.certainty == .sure && !runningOnce.contains($0.target)
          && drafts[index].canRefer(to: drafts[$0.target], by: $0.name)
      }.map { ($0.target, $0.location) }
      for (target, location) in targets {
        let root = partition.root(of: target)
        guard copies[root] == nil else { continue }
        for place in own where place != root && edges[place]?[root] == nil {
          edges[place, default: [:]][root] = location
        }
      }
    }
    let graph = NameGraph(
      edges.keys.sorted().map(String.init),
      Dictionary(uniqueKeysWithValues: edges.map { (String($0), $1.keys.sorted().map(String.init)) }))
    for cycle in graph.cycles {
      let roots = cycle.compactMap { Int($0) }
      for (root, next) in zip(roots, roots.dropFirst()) {
        guard let location = edges[root]?[next], partition.join(root, next) else { continue }
        ties.append(ServiceTie(first: root, second: next, reason: .cycle, location: location))
      }
    }
    return !graph.cycles.isEmpty
  }

  /// The groups that a service is in, by their roots.
  private func places(of index: Int) -> Set<Int> {
    let root = partition.root(of: index)
    // What they were joined to since then has another root.
    return copies[root].map { Set($0.map { partition.root(of: $0) }) } ?? [root]
  }
}
