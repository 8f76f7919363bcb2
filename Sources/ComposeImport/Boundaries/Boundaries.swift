import Diagnostics
import SpecImport
import WorkloadSpec

/// Draws the borders of workloads around the services of a compose file, and says what was decided.
struct Boundaries {
  private let project: ComposeProject
  private let options: ComposeOptions
  private let graph: ServiceGraph
  private(set) var diagnostics = Diagnostics()

  init(
    _ project: ComposeProject, _ drafts: [ServiceDraft], _ options: ComposeOptions, _ files: inout FileReader
  ) {
    self.project = project
    self.options = options
    graph = ServiceGraph(drafts, splits: options.splits, &files)
  }

  /// The workloads, in the order of their first services.
  mutating func workloads() -> [WorkloadDraft] {
    checkChosenMains()
    let mains = graph.groups.map { main(of: $0) }
    reportBorders(mains)
    let names = names(of: mains)
    return graph.groups.indices.map { workload($0, mains[$0], names) }
  }

  /// The names of the workloads. No service has the name of a workload, so that a name leads to one place.
  private func names(of mains: [Int]) -> [String] {
    let projectName = DNSLabel.nearest(to: project.name) ?? "app"
    guard mains.count > 1 else { return mains.map { _ in projectName } }
    var labels = UniqueLabels(Set(graph.drafts.map(\.name)))
    return mains.map { labels.next(like: "\(projectName)-\(graph.drafts[$0].name)") }
  }

  // MARK: The main service

  private mutating func checkChosenMains() {
    for name in options.mains {
      guard let index = graph.index(of: name) else {
        diagnostics.report(
          .importMain, "there is no service `\(name)` to be the main one",
          help: Suggestion.help(for: name, among: graph.drafts.map(\.composeName))
            ?? "the services are \(list(graph.drafts.map(\.composeName)))")
        continue
      }
      if graph.inits.contains(index) {
        diagnostics.report(
          .importMain, "`\(name)` runs once before the others, so it can't be the main service",
          at: graph.drafts[index].location, help: "choose one that keeps running")
      }
    }
  }

  private mutating func main(of group: [Int]) -> Int {
    let chosen = group.filter { options.mains.contains(graph.drafts[$0].composeName) }
    if let first = chosen.first {
      for other in chosen.dropFirst() {
        diagnostics.report(
          .importMain,
          "`\(graph.drafts[first].composeName)` and `\(graph.drafts[other].composeName)` belong to one workload, which has one main service",
          at: graph.drafts[other].location,
          help: "choose one of them" + (options.splits ? "" : ", or add `--split`"))
      }
      return first
    }
    let choice = MainChoice(of: group, in: graph)
    let draft = graph.drafts[choice.index]
    if !choice.others.isEmpty {
      let others = choice.others.map { graph.drafts[$0].composeName }
      diagnostics.report(
        .workloadBoundary,
        "`\(draft.composeName)` is the main service because it comes first; \(list(others)) could be it, too",
        at: draft.location, help: "choose by `--main NAME`, or make each a workload of its own by `--split`")
    }
    return choice.index
  }

  // MARK: Borders

  private mutating func reportBorders(_ mains: [Int]) {
    if !options.splits {
      for main in mains.dropFirst() {
        let (first, other) = (graph.drafts[mains[0]], graph.drafts[main])
        guard !Set(first.networks).isDisjoint(with: other.networks), !first.sharesJoined(with: other) else {
          continue
        }
        diagnostics.report(
          .workloadBoundary,
          "nothing says that `\(other.composeName)` and `\(first.composeName)` need each other: they become two workloads, and can't reach each other by name",
          at: other.location,
          help:
            "let one depend on the other to make them one workload, or let a text of it refer to the other's address"
        )
      }
    }
    reportTies()
    reportCopies()
    for group in graph.groups {
      for index in group { reportRenamed(in: index, Set(group)) }
      reportNetworks(of: group)
    }
  }

  /// What stays together with `--split`.
  private mutating func reportTies() {
    for tie in graph.ties {
      let (first, second) = (graph.drafts[tie.first].composeName, graph.drafts[tie.second].composeName)
      let (reason, help) =
        switch tie.reason {
        case .volume(let name):
          (
            "share the volume `\(name)`, which one workload has for itself",
            "to take them apart, give each a volume of its own, or one that is there already: `external: true`"
          )
        case .part:
          (
            "share more than a network",
            "to take them apart, let each have its own network, processes and volumes"
          )
        case .cycle:
          (
            "wait for each other or name each other, which two workloads can't",
            "to take them apart, let the one that starts first do without the name of the other"
          )
        }
      diagnostics.report(
        .workloadBoundary, "`\(first)` and `\(second)` stay in one workload: they \(reason)",
        at: tie.location,
        help: help)
    }
  }

  /// What runs once before several workloads.
  private mutating func reportCopies() {
    for index in graph.drafts.indices where graph.home(of: index) == nil {
      let draft = graph.drafts[index]
      let waiting = graph.groups.filter { $0.contains(index) }.map { group in
        graph.drafts[group.first { !graph.inits.contains($0) } ?? group[0]].composeName
      }
      diagnostics.report(
        .workloadBoundary,
        "`\(draft.composeName)` runs once before several services: it becomes an init of each, and runs before \(list(waiting))",
        at: draft.location,
        help: "leave it to one of them if it may run once only, and let the others wait for that one")
    }
  }

  /// Names of services of its workload by which a service does not find them any more.
  private mutating func reportRenamed(in index: Int, _ group: Set<Int>) {
    let draft = graph.drafts[index]
    for reference in graph.references[index]
    where group.contains(reference.target) && reference.mention.certainty >= .likely {
      let other = graph.drafts[reference.target]
      guard reference.name != other.name, !other.aliases.contains(reference.name) else { continue }
      diagnostics.report(
        .serviceRenamed,
        "`\(draft.composeName)` looks for `\(reference.name)`, which is now found as `\(other.name)`",
        at: reference.location, help: "write `\(other.name)` there; texts are not changed by the import")
    }
  }

  /// Services that share no network in the compose file share one in a workload.
  private mutating func reportNetworks(of group: [Int]) {
    guard group.contains(where: { graph.drafts[$0].networksLocation != nil }) else { return }
    for (position, index) in group.enumerated() {
      for other in group[..<position] {
        let (a, b) = (graph.drafts[other], graph.drafts[index])
        guard a.hasOwnNetwork, b.hasOwnNetwork, Set(a.networks).isDisjoint(with: b.networks),
          let place = b.networksLocation ?? a.networksLocation
        else { continue }
        diagnostics.report(
          .carriedOverDifferently,
          "`\(a.composeName)` and `\(b.composeName)` are on separate networks, and will share that of their workload",
          at: place, help: "an instance has one network; `--split` separates services")
        return
      }
    }
  }

  // MARK: Workloads

  private mutating func workload(_ number: Int, _ main: Int, _ names: [String]) -> WorkloadDraft {
    let group = graph.groups[number]
    var writer = AddressWriter(graph, names, group: number)
    let replicas = replicas(of: group)
    var services: [WorkloadService] = []
    let inits = group.filter { graph.inits.contains($0) && $0 != main }
    let sidecars = group.filter { !graph.inits.contains($0) && $0 != main }
    for index in inits { services.append(service(index, .`init`, in: group, replicas, &writer)) }
    services.append(service(main, .main, in: group, replicas, &writer))
    for index in sidecars { services.append(service(index, .sidecar, in: group, replicas, &writer)) }
    for index in group where index != main {
      guard let other = graph.drafts[index].strategy, other.strategy != graph.drafts[main].strategy?.strategy
      else { continue }
      diagnostics.report(
        .workloadBoundary,
        "the `update_config` of `\(graph.drafts[index].composeName)` is left out: a workload has one strategy, that of `\(graph.drafts[main].composeName)`",
        at: other.location, help: "write the strategy that all services are to have into the spec")
    }
    diagnostics.append(contentsOf: writer.diagnostics)
    return WorkloadDraft(
      name: names[number], replicas: replicas, strategy: graph.drafts[main].strategy?.strategy,
      dependsOn: waitsFor(number, names).filter { !writer.referred.contains($0) }, services: services)
  }

  /// The names of the workloads that services of a group depend on.
  private func waitsFor(_ number: Int, _ names: [String]) -> [String] {
    let homes = graph.groups[number].flatMap { graph.dependencies[$0] }.compactMap { graph.home(of: $0) }
    return Set(homes).subtracting([number]).sorted().map { names[$0] }
  }

  /// The number of instances. All services of an instance are scaled together; where compose has them at
  /// different numbers, it is the smallest, because a database that runs twice on one volume is worse than a
  /// server that runs once.
  private mutating func replicas(of group: [Int]) -> Int? {
    let drafts = group.filter { !graph.inits.contains($0) }.map { graph.drafts[$0] }
    guard drafts.contains(where: { $0.replicas != nil }) else { return nil }
    // A service with a scale of 0 is here because another depends on it.
    let smallest = drafts.map { max(1, $0.replicas?.count ?? 1) }.min() ?? 1
    for draft in drafts {
      guard let replicas = draft.replicas, replicas.count > smallest else { continue }
      diagnostics.report(
        .workloadBoundary,
        "`\(draft.composeName)` has \(replicas.count) containers, and \(smallest) in the workload: its services are scaled together",
        at: replicas.location,
        help: "set `replicas` of the workload if all of them can be that many"
          + (options.splits ? "" : ", or take it apart by `--split`"))
    }
    return smallest
  }

  private mutating func service(
    _ index: Int, _ role: Role, in group: [Int], _ replicas: Int?, _ writer: inout AddressWriter
  ) -> WorkloadService {
    var draft = writer.rewritten(index)
    if let replicas, replicas > 1 {
      // There, several containers write to it already.
      for volume in draft.volumes.indices { draft.volumes[volume].isShared = true }
      reportAddresses(of: draft, replicas)
      for port in draft.ports.indices where draft.ports[port].host != nil {
        draft.ports[port].host = nil
        diagnostics.report(
          .carriedOverDifferently,
          "\(replicas) instances can't share a port of the host: each gets one of its own",
          at: draft.ports[port].location, help: "put a proxy in front, or have one instance")
      }
    }
    keepAnonymousVolumes(of: &draft, replicas ?? 1)
    if role == .`init` { draft.stated[["healthCheck"]] = nil }
    if role == .`init`, let check = draft.healthCheck {
      draft.healthCheck = nil
      diagnostics.report(
        .notCarriedOver, "the health check of `\(draft.composeName)` has no equivalent", at: check.location,
        help: "a service that runs once is done when it has ended with exit code 0")
    }
    reportConditions(of: draft)
    let names = draft.dependencies.compactMap { dependency -> String? in
      guard let target = graph.index(of: dependency.composeName), group.contains(target) else { return nil }
      return graph.drafts[target].name
    }
    return WorkloadService(role: role, draft: draft, dependsOn: names)
  }

  /// Volumes without a name are kept as compose keeps them; but each container has its own there, which a spec can't
  /// say of several instances.
  private mutating func keepAnonymousVolumes(of draft: inout ServiceDraft, _ replicas: Int) {
    for index in draft.volumes.indices where draft.volumes[index].isAnonymous {
      let volume = draft.volumes[index]
      guard replicas > 1 else {
        diagnostics.report(
          .anonymousVolume,
          "the volume of `\(draft.composeName)` at `\(volume.mountPath)` has no name: it becomes the persistent volume `\(volume.name)`",
          at: volume.location, help: "give it a name of your own in the spec, before it is applied")
        continue
      }
      draft.volumes[index].type = .ephemeral
      diagnostics.report(
        .carriedOverDifferently,
        "each of the \(replicas) containers of `\(draft.composeName)` has a volume of its own at `\(volume.mountPath)`, which becomes ephemeral: its data goes with its instance",
        at: volume.location,
        help: "to keep the data, make the workload a `stateful_set` and the volume `persistent`")
    }
  }

  /// An address belongs to one container.
  private mutating func reportAddresses(of draft: ServiceDraft, _ replicas: Int) {
    for network in draft.joined where network.address != nil {
      diagnostics.report(
        .carriedOverDifferently,
        "\(replicas) instances can't have one address in the network `\(network.name)`: an apply fails at the second",
        at: network.location, help: "take the address away, or have one instance")
    }
  }

  private mutating func reportConditions(of draft: ServiceDraft) {
    for dependency in draft.dependencies {
      guard let index = graph.index(of: dependency.composeName) else { continue }
      let target = graph.drafts[index]
      if dependency.condition == .completed, !graph.inits.contains(index) {
        let blockers = graph.dependencies[index].filter { !graph.inits.contains($0) }
          .map { graph.drafts[$0].composeName }
        diagnostics.report(
          .carriedOverDifferently,
          "`\(target.composeName)` needs \(list(blockers)), which no init can wait for: it becomes a sidecar, and an apply fails if it ends before it counts as ready",
          at: dependency.location,
          help:
            "let `\(draft.composeName)` do its work when it starts, or do it by `berth exec` after the apply")
      } else if dependency.condition == .healthy, target.healthCheck == nil {
        diagnostics.report(
          .carriedOverDifferently,
          "`\(target.composeName)` has no health check in the file: it counts as ready once it runs for a moment",
          at: dependency.location, help: "write the check of its image as `healthCheck`")
      }
    }
  }

  private func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
}
