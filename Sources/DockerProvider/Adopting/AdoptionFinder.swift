import Diagnostics
import DockerAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// Finds what an engine has that could become a workload's, and how it differs.
struct AdoptionFinder: Sendable {
  /// Looks at what is found.
  let observer: WorkloadObserver
  /// The workload as it is wanted.
  let workload: Workload
  /// What is asked for.
  let request: AdoptionRequest
  /// What is the workload's already.
  let observation: Observation

  private var client: DockerClient { observer.client }
  private var key: WorkloadKey { observer.key }
  private var names: EngineNames { EngineNames(key: key) }

  func find() async throws -> Adoptable {
    let project = request.source ?? key.name
    async let named = client.containers.list(filters: ["name": ["^/?\(names.prefix)"]])
    async let ofProject = client.containers.list(filters: ["label": ["\(ComposeLabel.project)=\(project)"]])
    let stamps = try await AdoptionStamps.all(on: client)
    let listed = Dictionary((try await named + ofProject).map { ($0.id, $0) }) { $1 }
    let containers = AdoptableContainers(
      among: Array(listed.values), stamps, for: workload, names, project: project, given: observation)
    var found = Adoptable(notes: containers.notes)
    var sources = AdoptedVolumes(client: client, workload: workload, key: key, stamps: stamps)
    let table = ContainerTable.on(observer.facts)
    let stamped = try await withStamps(containers.candidates, table)
    for one in stamped { report(one.dataLeftBehind, of: one.candidate, to: &found.notes) }
    for (candidate, service, stamp, isRemovedWhenItStops) in try await look(at: stamped, table) {
      if isRemovedWhenItStops {
        found.notes.report(
          .cannotAdopt,
          "`\(candidate.name)` can't be adopted: it was started with `--rm`, and its engine removes it when it stops",
          help: "start it without `--rm`, or have it made anew: remove it, and apply without `--adopt`")
        continue
      }
      let index = found.instances.firstIndex { $0.id == candidate.instance }
      if let index {
        found.instances[index].services.append(service)
      } else {
        found.instances.append(ObservedInstance(id: candidate.instance, services: [service]))
      }
      sources.add(names.data(toldBy: stamp.labels), of: candidate.summary.labels?[ComposeLabel.project])
    }
    found.volumes = try await sources.check(&found.notes)
    found.instances.sort { $0.id < $1.id }
    for index in found.instances.indices { found.instances[index].services.sort { $0.name < $1.name } }
    return found
  }

  // MARK: Containers

  /// A container with what it would be stamped with.
  private struct Stamped {
    let candidate: AdoptableContainers.Candidate
    let container: Container
    let stamp: ServiceStamp
    /// What it holds that would be forgotten with it.
    let dataLeftBehind: [MountSpec]
  }

  private func withStamps(
    _ candidates: [AdoptableContainers.Candidate], _ table: ContainerTable
  ) async throws -> [Stamped] {
    let reading = AdoptionReading(
      client: client, key: key, workload: workload, table: table, digestKey: observer.digestKey)
    return try await withThrowingTaskGroup(of: Stamped?.self) { group in
      for candidate in candidates {
        group.addTask {
          // It may just have gone.
          guard let service = workload.service(candidate.service),
            let found = try await ifFound({ try await client.containers.inspect(candidate.summary.id) })
          else { return nil }
          let image = try await observer.images.image(found.imageID)?.config
          let stamp = try await reading.stamp(
            of: found, image, as: service, in: candidate.instance, origin: candidate.origin)
          let foreign = ForeignSpec(container: found.asMade(with: [:]), image: image, wanted: service)
          return Stamped(
            candidate: candidate, container: found, stamp: stamp, dataLeftBehind: foreign.dataLeftBehind)
        }
      }
      return try await group.reduce(into: []) { all, one in if let one { all.append(one) } }
    }
  }

  private func report(
    _ mounts: [MountSpec], of candidate: AdoptableContainers.Candidate, to notes: inout Diagnostics
  ) {
    for mount in mounts {
      let source = mount.source ?? ""
      let volume =
        mount.type == "bind"
        ? "type: bind, source: \(source)" : "type: persistent"
      notes.report(
        .cannotAdopt,
        "`\(candidate.name)` can't be adopted: its data at \(mount.target) is in `\(source)`, and the container that is made next would begin without it",
        help: "write it down: `volumes: [{name: data, mountPath: \(mount.target), \(volume)}]`")
    }
  }

  private typealias Look = (
    AdoptableContainers.Candidate, ObservedService, ServiceStamp, isRemovedWhenItStops: Bool
  )

  private func look(at all: [Stamped], _ table: ContainerTable) async throws -> [Look] {
    let now = Timestamp.now
    return try await withThrowingTaskGroup(of: Look.self) { group in
      for one in all {
        let id = one.candidate.instance
        var others = all.filter {
          $0.candidate.instance == id && $0.candidate.service != one.candidate.service
        }.map(\.stamp.adoption)
        // What is ours already and was adopted shares their network.
        if observation.instance(id)?.services.contains(where: { $0.origin == nil }) == true {
          others.append(nil)
        }
        let siblings = others
        group.addTask { try await look(at: one, beside: siblings, table, now) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func look(
    at one: Stamped, beside others: [ContainerAdoption?], _ table: ContainerTable, _ now: Timestamp
  ) async throws -> Look {
    let (found, stamp) = (one.container, one.stamp)
    var observed = try await observer.observed(
      found.asMade(with: stamp.labels), stamp, released: workload.service(one.candidate.service),
      hasNetwork: true, beside: others, table: table, now: now)
    let isDoneOnTheWay = { (deviation: Deviation) in ContainerDeviations.isMendedInPlace(deviation) }
    var changes = observed.deviations.filter(isDoneOnTheWay)
    for (name, data) in (stamp.adoption?.volumes ?? [:]).sorted(by: { $0.key < $1.key }) {
      let place = names.volume(named: name)
      changes.append(
        Deviation(
          "\(ContainerDeviations.prefix)volumes[\(place?.name ?? name)]", from: nil, to: .string(data)))
    }
    observed.deviations.removeAll(where: isDoneOnTheWay)
    observed.origin = nil
    observed.adoption = Adoption(id: found.id, name: found.name, changes: changes)
    return (one.candidate, observed, stamp, found.host.autoRemove == true)
  }
}
