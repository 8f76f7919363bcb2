import DockerAPI
import Planning
import ProviderKit
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

  /// Looks for it.
  func find() async throws -> Adoptable {
    let project = request.source ?? key.name
    async let named = client.containers.list(filters: ["name": ["^/?\(names.prefix)"]])
    async let ofProject = client.containers.list(filters: ["label": ["\(ComposeLabel.project)=\(project)"]])
    let stamps = try await AdoptionStamps.all(on: client)
    let listed = Dictionary((try await named + ofProject).map { ($0.id, $0) }) { $1 }
    let containers = AdoptableContainers(
      among: Array(listed.values), stamps, for: workload, names, project: project, given: observation)
    var found = Adoptable(notes: containers.notes)
    var volumes: [String: Set<String>] = [:]
    let table = ContainerTable.on(observer.facts)
    let stamped = try await withStamps(containers.candidates, table)
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
      for (name, data) in stamp.adoption?.volumes ?? [:] { volumes[name, default: []].insert(data) }
    }
    try await add(volumes, to: &found)
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
          let stamp = try await reading.stamp(
            of: found, try await observer.images.image(found.imageID)?.config, as: service,
            in: candidate.instance, origin: candidate.origin)
          return Stamped(candidate: candidate, container: found, stamp: stamp)
        }
      }
      return try await group.reduce(into: []) { all, one in if let one { all.append(one) } }
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

  // MARK: Volumes

  /// Adds what would be the workload's volumes, and tells of what can't be.
  private func add(_ volumes: [String: Set<String>], to found: inout Adoptable) async throws {
    for (name, sources) in volumes.sorted(by: { $0.key < $1.key }) {
      guard let place = names.volume(named: name), let data = sources.sorted().first else { continue }
      guard sources.count == 1 else {
        let list = sources.sorted().map { "`\($0)`" }.joined(separator: " and ")
        found.notes.report(
          .cannotAdopt, "the volume `\(place.name)` would have to be \(list) at once",
          help: "give the services that see other data volumes of other names")
        continue
      }
      guard let volume = try await ifFound({ try await client.volumes.inspect(data) }) else { continue }
      if let owner = Label.owner(of: volume.labels), !Label.mark(volume.labels, as: key) {
        found.notes.report(
          .cannotAdopt, "the volume `\(data)` can't be adopted: it belongs to the workload \(owner)",
          help: "no workload mounts a volume that berth made for another one")
      } else if data == name, Label.owner(of: volume.labels) == nil {
        found.notes.report(
          .cannotAdopt,
          "the volume `\(data)` can't be adopted: it sits on the very name of the workload's own, and a volume's labels can't be changed",
          help: "give the workload another name, or move what the volume holds to one of another name")
      } else if let own = try await ifFound({ try await client.volumes.inspect(name) }), own.dataName != data
      {
        found.notes.report(
          .cannotAdopt,
          "the volume `\(place.name)` is there already and holds what `\(own.dataName)` has, not what `\(data)` has",
          help:
            "`berth destroy \(key.name) --volumes` removes what the workload has, where nothing of it is needed"
        )
      } else {
        found.volumes.append(place.observed(size: nil))
      }
    }
  }
}
