import WorkloadSpec

/// Which services of a project belong together, and which run once before the others.
struct ServiceGraph: Sendable {
  let drafts: [ServiceDraft]
  /// For each service, those that it waits for.
  let dependencies: [[Int]]
  /// For each service, those that its texts name as hosts, with where.
  let references: [[(target: Int, reference: HostReference)]]
  /// The services that run once, to success, before the others start.
  let inits: Set<Int>
  private let indices: [String: Int]
  /// The same by the names of containers.
  private let containers: [String: Int]

  init(_ drafts: [ServiceDraft], _ files: inout FileReader) {
    self.drafts = drafts
    let indices = Dictionary(uniqueKeysWithValues: zip(drafts.map(\.composeName), drafts.indices))
    self.indices = indices
    containers = Dictionary(
      drafts.indices.compactMap { index in drafts[index].containerName.map { ($0, index) } }
    ) { first, _ in first }
    dependencies = drafts.map { $0.dependencies.compactMap { indices[$0.composeName] } }
    var hosts = indices
    for index in drafts.indices {
      for alias in drafts[index].aliases where hosts[alias] == nil { hosts[alias] = index }
    }
    let known = Set(hosts.keys)
    var references: [[(target: Int, reference: HostReference)]] = []
    for (index, draft) in drafts.enumerated() {
      var seen: Set<String> = []
      references.append(
        HostReference.all(of: draft, among: known, &files).compactMap { reference in
          guard let target = hosts[reference.name], target != index else { return nil }
          let place = "\(reference.name) \(reference.location.line):\(reference.location.column)"
          return seen.insert(place).inserted ? (target, reference) : nil
        })
    }
    self.references = references
    inits = Self.inits(drafts, dependencies, indices)
  }

  /// The index of a service by its name in the compose file.
  func index(of composeName: String) -> Int? { indices[composeName] }

  /// A service is an init if another waits for it to complete, and it waits for nothing but inits: nothing else
  /// is there before them.
  private static func inits(
    _ drafts: [ServiceDraft], _ dependencies: [[Int]], _ indices: [String: Int]
  ) -> Set<Int> {
    var inits: Set<Int> = []
    for draft in drafts {
      for dependency in draft.dependencies where dependency.condition == .completed {
        if let index = indices[dependency.composeName] { inits.insert(index) }
      }
    }
    while let index = inits.first(where: { !Set(dependencies[$0]).isSubset(of: inits) }) {
      inits.remove(index)
    }
    return inits
  }

  // MARK: Groups

  /// The services that belong together, each group in the order of the file.
  func groups() -> [[Int]] {
    var groupOf = Array(drafts.indices)
    func join(_ a: Int, _ b: Int) {
      let (old, new) = (max(groupOf[a], groupOf[b]), min(groupOf[a], groupOf[b]))
      guard old != new else { return }
      for index in groupOf.indices where groupOf[index] == old { groupOf[index] = new }
    }
    var firstWithVolume: [String: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for target in dependencies[index] + references[index].map(\.target) { join(index, target) }
      for companion in draft.companions {
        if let target = self.index(of: companion) ?? containers[companion] { join(index, target) }
      }
      for name in draft.volumes.compactMap(\.composeName) {
        if let first = firstWithVolume[name] { join(index, first) } else { firstWithVolume[name] = index }
      }
    }
    let groups = Dictionary(grouping: drafts.indices) { groupOf[$0] }
    return groups.keys.sorted().compactMap { groups[$0] }
  }

  /// Every long-running service by itself, with the inits that it waits for.
  func splitGroups() -> [[Int]] {
    drafts.indices.filter { !inits.contains($0) }.map { index in
      var members: Set<Int> = [index]
      var open = [index]
      while let next = open.popLast() {
        for target in dependencies[next] where inits.contains(target) && members.insert(target).inserted {
          open.append(target)
        }
      }
      return members.sorted()
    }
  }
}
