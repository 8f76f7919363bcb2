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
    graph = ServiceGraph(drafts, &files)
  }

  /// The workloads, in the order of their first services.
  mutating func workloads() -> [WorkloadDraft] {
    let groups = options.splits ? graph.splitGroups() : graph.groups()
    checkChosenMains()
    let mains = groups.map { main(of: $0) }
    reportBorders(groups, mains)
    let projectName = DNSLabel.nearest(to: project.name) ?? "app"
    return zip(groups, mains).map { group, main in
      let name = groups.count == 1 ? projectName : "\(projectName)-\(graph.drafts[main].name)"
      return workload(DNSLabel.nearest(to: name) ?? name, group, main)
    }
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
          at: graph.drafts[other].location, help: "choose one of them, or add `--split`")
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

  private mutating func reportBorders(_ groups: [[Int]], _ mains: [Int]) {
    if !options.splits {
      for main in mains.dropFirst() {
        let (first, other) = (graph.drafts[mains[0]], graph.drafts[main])
        guard !Set(first.networks).isDisjoint(with: other.networks), !first.sharesJoined(with: other) else {
          continue
        }
        diagnostics.report(
          .workloadBoundary,
          "nothing says that `\(other.composeName)` and `\(first.composeName)` need each other: they become two workloads, and can't reach each other by name",
          at: other.location, help: "let one depend on the other to make them one workload")
      }
    }
    for group in groups {
      for index in group { reportCrossings(of: index, inside: Set(group)) }
      reportNetworks(of: group)
    }
    if options.splits { reportSharedVolumes(groups) }
  }

  /// What a service says about services of other workloads, or by names that it has no more.
  private mutating func reportCrossings(of index: Int, inside group: Set<Int>) {
    let draft = graph.drafts[index]
    for dependency in draft.dependencies {
      guard let target = graph.index(of: dependency.composeName), !group.contains(target) else { continue }
      diagnostics.report(
        .workloadBoundary,
        "`\(draft.composeName)` depends on `\(dependency.composeName)`, which is in another workload: it does not wait for it",
        at: dependency.location, help: "let the program try again until the other is there")
    }
    for (target, reference) in graph.references[index] {
      let other = graph.drafts[target]
      if !group.contains(target) {
        if draft.finds(other, by: reference.name) { continue }
        diagnostics.report(
          .workloadBoundary,
          "`\(draft.composeName)` looks for `\(reference.name)`, which is in another workload and not found by name",
          at: reference.location, help: "give it an address at which the other workload publishes a port")
      } else if reference.name != other.name, !other.aliases.contains(reference.name) {
        diagnostics.report(
          .serviceRenamed,
          "`\(draft.composeName)` looks for `\(reference.name)`, which is now found as `\(other.name)`",
          at: reference.location, help: "write `\(other.name)` there; texts are not changed by the import")
      }
    }
  }

  private mutating func reportSharedVolumes(_ groups: [[Int]]) {
    var first: [String: Int] = [:]
    for (number, group) in groups.enumerated() {
      for volume in group.flatMap({ graph.drafts[$0].volumes }) {
        guard let name = volume.composeName else { continue }
        if let other = first[name], other != number {
          diagnostics.report(
            .workloadBoundary, "the volume `\(name)` is used by two workloads: each has one of its own",
            at: volume.location, help: "leave out `--split`, or let them share the data in another way")
        } else {
          first[name] = number
        }
      }
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

  private mutating func workload(_ name: String, _ group: [Int], _ main: Int) -> WorkloadDraft {
    let replicas = replicas(of: group)
    var services: [WorkloadService] = []
    let inits = group.filter { graph.inits.contains($0) && $0 != main }
    let sidecars = group.filter { !graph.inits.contains($0) && $0 != main }
    for index in inits { services.append(service(index, .`init`, in: group, replicas)) }
    services.append(service(main, .main, in: group, replicas))
    for index in sidecars { services.append(service(index, .sidecar, in: group, replicas)) }
    for index in group where index != main {
      guard let other = graph.drafts[index].strategy, other.strategy != graph.drafts[main].strategy?.strategy
      else { continue }
      diagnostics.report(
        .workloadBoundary,
        "the `update_config` of `\(graph.drafts[index].composeName)` is left out: a workload has one strategy, that of `\(graph.drafts[main].composeName)`",
        at: other.location, help: "write the strategy that all services are to have into the spec")
    }
    return WorkloadDraft(
      name: name, replicas: replicas, strategy: graph.drafts[main].strategy?.strategy, services: services)
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
        help: "set `replicas` of the workload if all of them can be that many, or take it apart by `--split`")
    }
    return smallest
  }

  private mutating func service(
    _ index: Int, _ role: Role, in group: [Int], _ replicas: Int?
  ) -> WorkloadService {
    var draft = graph.drafts[index]
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
    reportConditions(of: draft, in: group)
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

  private mutating func reportConditions(of draft: ServiceDraft, in group: [Int]) {
    for dependency in draft.dependencies {
      guard let index = graph.index(of: dependency.composeName), group.contains(index) else { continue }
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
