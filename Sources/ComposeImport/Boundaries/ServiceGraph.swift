import SpecImport
import UserFiles
import WorkloadSpec

/// Which services of a project belong together, and which run once before the others.
struct ServiceGraph: Sendable {
  let drafts: [ServiceDraft]
  /// For each service, those that it waits for.
  let dependencies: [[Int]]
  /// For each service, its texts that name others.
  let texts: [[ServiceText]]
  /// For each service, what its texts name as hosts.
  let references: [[HostReference]]
  /// The files of folders that those stand in, by the paths of the folders.
  let folders: [String: [UserFolder.File]]
  /// The services that become one workload, each group in the order of the file.
  let groups: [[Int]]
  /// The services that run once, to success, before the others start.
  let inits: Set<Int>
  /// Why services were kept together that `--split` takes apart elsewhere.
  let ties: [ServiceTie]
  private let indices: [String: Int]
  /// The group of each service; `nil` for one that several groups have.
  private let homes: [Int?]

  init(_ drafts: [ServiceDraft], splits: Bool, _ files: inout FileReader) {
    self.drafts = drafts
    let indices = Dictionary(uniqueKeysWithValues: zip(drafts.map(\.composeName), drafts.indices))
    self.indices = indices
    dependencies = drafts.map { $0.dependencies.compactMap { indices[$0.composeName] } }
    let hosts = HostReferences(drafts, indices, &files)
    (texts, references, folders) = (hosts.texts, hosts.references, hosts.folders)
    let runningOnce = Set(
      drafts.flatMap { draft in
        draft.dependencies.filter { $0.condition == .completed }.compactMap { indices[$0.composeName] }
      })
    if splits {
      var split = SplitGroups(drafts, dependencies, references, runningOnce: runningOnce)
      split.run()
      (groups, ties) = (split.groups, split.ties)
    } else {
      (groups, ties) = (Self.connected(drafts, dependencies, references), [])
    }
    inits = Self.inits(runningOnce, dependencies, groups)
    var homes: [Int?] = Array(repeating: nil, count: drafts.count)
    var counts: [Int: Int] = [:]
    for (number, group) in groups.enumerated() {
      for index in group {
        counts[index, default: 0] += 1
        homes[index] = counts[index] == 1 ? number : nil
      }
    }
    self.homes = homes
  }

  /// The index of a service by its name in the compose file.
  func index(of composeName: String) -> Int? { indices[composeName] }

  /// The group that a service is in; `nil` for one that several have.
  func home(of index: Int) -> Int? { homes[index] }

  /// What a service names as hosts, as far as that is meant in all likelihood.
  func named(by index: Int) -> [Int] {
    references[index].filter { $0.mention.certainty >= .likely }.map(\.target)
  }

  /// Whether a text leads to the service of another workload, and can be told its address.
  func canRefer(_ index: Int, by reference: HostReference) -> Bool {
    reference.mention.certainty == .sure && !inits.contains(reference.target)
      && drafts[index].canRefer(to: drafts[reference.target], by: reference.name)
  }

  /// A service that runs once is an init unless it waits for something of its group that keeps running: nothing else is
  /// there before the inits.
  private static func inits(_ runningOnce: Set<Int>, _ dependencies: [[Int]], _ groups: [[Int]]) -> Set<Int> {
    var inits = runningOnce
    var neighbours: [Int: Set<Int>] = [:]
    for group in groups {
      for index in group where inits.contains(index) { neighbours[index, default: []].formUnion(group) }
    }
    while let index = inits.first(where: { index in
      dependencies[index].contains { !inits.contains($0) && neighbours[index]?.contains($0) == true }
    }) {
      inits.remove(index)
    }
    return inits
  }

  /// The services that belong together, each group in the order of the file.
  private static func connected(
    _ drafts: [ServiceDraft], _ dependencies: [[Int]], _ references: [[HostReference]]
  ) -> [[Int]] {
    var partition = Partition(count: drafts.count)
    for index in drafts.indices {
      let named = references[index].filter { $0.mention.certainty >= .likely }.map(\.target)
      for target in dependencies[index] + named { partition.join(index, target) }
    }
    for tie in ServiceTie.all(of: drafts) { partition.join(tie.first, tie.second) }
    return partition.sets
  }
}

extension ServiceDraft {
  /// Whether a text of it can be told the address of another service, in another workload.
  func canRefer(to other: ServiceDraft, by name: String) -> Bool {
    hasOwnNetwork && other.hasOwnNetwork && !finds(other, by: name)
  }
}
