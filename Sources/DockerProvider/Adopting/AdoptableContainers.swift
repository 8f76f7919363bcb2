import Diagnostics
import DockerAPI
import Planning
import WorkloadSpec

/// The containers among those that an engine lists that could become a workload's, each with the place that it would have.
///
/// Those that sit on a name of the workload say with it whose they are; those of a compose project, by compose's labels.
struct AdoptableContainers {
  /// A container with its place.
  struct Candidate {
    let summary: ContainerSummary
    let instance: InstanceID
    let service: String
    /// What it belongs to.
    let origin: String

    /// What the engine calls it.
    var name: String { summary.names.first ?? summary.id }
  }

  /// Those that can be taken over.
  private(set) var candidates: [Candidate] = []
  /// What can't be, and what is left alone.
  private(set) var notes = Diagnostics()

  private let workload: Workload
  private let names: EngineNames
  private let project: String
  private let stamps: AdoptionStamps
  private let observation: Observation

  /// Sorts out what an engine lists.
  ///
  /// - Parameters:
  ///   - listed: the containers on the workload's names, and those of the project.
  ///   - stamps: the stamps of all workloads that stand beside containers.
  ///   - project: the compose project.
  ///   - observation: what is the workload's already.
  init(
    among listed: [ContainerSummary], _ stamps: AdoptionStamps, for workload: Workload, _ names: EngineNames,
    project: String, given observation: Observation
  ) {
    self.workload = workload.ofInstances
    self.names = names
    self.project = project
    self.stamps = stamps
    self.observation = observation
    let sorted = stamps.carried(by: listed).sorted { $0.id < $1.id }
    var taken: [Place: Candidate] = [:]
    for candidate in onOurNames(sorted) + ofProject(sorted) {
      let place = Place(instance: candidate.instance, service: candidate.service)
      if let other = taken[place] {
        if other.summary.id != candidate.summary.id { report(candidate, beside: other) }
        continue
      }
      taken[place] = candidate
      add(candidate)
    }
    noteWhatStays(sorted)
  }

  private struct Place: Hashable {
    let instance: InstanceID
    let service: String
  }

  // MARK: Where they belong

  private func onOurNames(_ summaries: [ContainerSummary]) -> [Candidate] {
    summaries.compactMap { summary in
      guard Label.owner(of: summary.labels) == nil,
        let place = summary.names.lazy.compactMap({ names.container(named: $0) }).first,
        place.standing != .replaced, workload.service(place.service) != nil, place.instance != .before,
        observation.instance(place.instance)?.service(place.service) == nil
      else { return nil }
      let origin = summary.labels?[ComposeLabel.project] ?? summary.names.first ?? summary.id
      return Candidate(summary: summary, instance: place.instance, service: place.service, origin: origin)
    }
  }

  /// Those of the project, in the order of compose's numbers, each in the first place that is free.
  private mutating func ofProject(_ summaries: [ContainerSummary]) -> [Candidate] {
    var byService: [String: [ContainerSummary]] = [:]
    for summary in summaries where isOfProject(summary) {
      guard let service = service(of: summary) else { continue }
      if let owner = Label.owner(of: summary.labels) {
        if !Label.mark(summary.labels, as: names.key) { report(summary, ownedBy: owner) }
        continue
      }
      // One on a name of the workload has its place by that.
      if summary.names.contains(where: { names.container(named: $0) != nil }) { continue }
      byService[service, default: []].append(summary)
    }
    return byService.keys.sorted().flatMap { service in
      let summaries = byService[service, default: []].sorted {
        (ComposeLabel.number(of: $0), $0.id) < (ComposeLabel.number(of: $1), $1.id)
      }
      let taken = Set(
        observation.instances.filter { $0.service(service) != nil }.compactMap(\.id.ordinal))
      let free = (0...).lazy.filter { !taken.contains($0) }
      return zip(summaries, free).map { summary, ordinal in
        Candidate(summary: summary, instance: InstanceID(ordinal), service: service, origin: project)
      }
    }
  }

  private func isOfProject(_ summary: ContainerSummary) -> Bool {
    summary.labels?[ComposeLabel.project] == project && summary.labels?[ComposeLabel.oneOff] != "True"
  }

  /// The service of the workload that a container of the project is of: an import gives it compose's name, or the nearest that
  /// a spec can have, and has it found by the old one.
  private func service(of summary: ContainerSummary) -> String? {
    guard let name = summary.labels?[ComposeLabel.service] else { return nil }
    if workload.service(name) != nil { return name }
    let renamed = workload.services.first { $0.network.aliases.elements.contains(name) }
    if let renamed { return renamed.name }
    return DNSLabel.nearest(to: name).flatMap { workload.service($0)?.name }
  }

  // MARK: Whether they can be taken over

  private mutating func add(_ candidate: Candidate) {
    switch candidate.summary.state {
    case "restarting", "removing", "dead":
      notes.report(
        .cannotAdopt,
        "`\(candidate.name)` can't be adopted: it is \(candidate.summary.state)",
        help: "stop it, or mend what ends it, and try again")
    case "paused":
      notes.report(
        .cannotAdopt, "`\(candidate.name)` can't be adopted: it is paused",
        help: "have it go on: `docker unpause \(candidate.name)`")
    default: candidates.append(candidate)
    }
  }

  private mutating func report(_ candidate: Candidate, beside other: Candidate) {
    notes.report(
      .cannotAdopt,
      "`\(other.name)` and `\(candidate.name)` could both be `\(candidate.service)` of instance \(candidate.instance)",
      help: "remove or rename the one that is not meant")
  }

  private mutating func report(_ summary: ContainerSummary, ownedBy owner: String) {
    notes.report(
      .cannotAdopt,
      "`\(summary.names.first ?? summary.id)` can't be adopted: it belongs to the workload \(owner)",
      help: "a container belongs to one workload: destroy that one first, or leave `--adopt` out")
  }

  /// Tells what of the project is left to compose, and that compose takes the rest for its own, too.
  private mutating func noteWhatStays(_ summaries: [ContainerSummary]) {
    guard !notes.hasErrors else { return }
    let others = summaries.filter {
      isOfProject($0) && Label.owner(of: $0.labels) == nil && service(of: $0) == nil
    }.compactMap(\.names.first).sorted()
    if !candidates.isEmpty, !others.isEmpty {
      notes.report(
        .leftAlone,
        "\(others.map { "`\($0)`" }.joined(separator: ", ")) of the project `\(project)` \(others.count == 1 ? "stays" : "stay") as \(others.count == 1 ? "it is" : "they are"): `\(workload.name)` has no such service",
        help: "add the service to the spec, or remove the container if nothing needs it")
    }
    let count = candidates.count { $0.summary.labels?[ComposeLabel.project] != nil }
    guard count > 0 else { return }
    notes.report(
      .stillLabelled,
      "the labels of compose stay on \(count == 1 ? "a container" : "\(count) containers") until made anew: `docker compose up` or `down` would take \(count == 1 ? "it" : "them") for compose's own",
      help: "leave the project alone from then on, best by taking its file out of use")
  }
}
