import Diagnostics
import DockerAPI
import Planning
import WorkloadSpec

/// The volumes that containers which are to be adopted keep their data in, and whether they can become a workload's.
///
/// A volume that becomes a workload's own goes with it at `destroy --volumes`. So it must be the project's, of no other
/// workload, and stand for one volume of the spec.
struct AdoptedVolumes: Sendable {
  let client: DockerClient
  /// The workload as it is wanted.
  let workload: Workload
  let key: WorkloadKey
  /// The stamps of all workloads that stand beside containers.
  let stamps: AdoptionStamps

  /// What holds the data of the workload's volumes.
  private var sources: [VolumePlace: Set<String>] = [:]
  /// The compose projects of the containers that mount a volume; `nil` for one that is of none.
  private var projects: [String: Set<String?>] = [:]

  private var names: EngineNames { EngineNames(key: key) }

  /// Starts with none.
  init(client: DockerClient, workload: Workload, key: WorkloadKey, stamps: AdoptionStamps) {
    self.client = client
    self.workload = workload
    self.key = key
    self.stamps = stamps
  }

  /// Adds those of a container.
  ///
  /// - Parameters:
  ///   - data: what holds its data.
  ///   - project: the compose project that it is of.
  mutating func add(_ data: [VolumePlace: String], of project: String?) {
    for (place, name) in data {
      sources[place, default: []].insert(name)
      projects[name, default: []].insert(project)
    }
  }

  /// Tells of those that can't become the workload's.
  ///
  /// - Returns: those that can, as they will be observed.
  func check(_ notes: inout Diagnostics) async throws -> [ObservedVolume] {
    if sources.isEmpty { return [] }
    let own = try await WorkloadVolumes.list(names, StampedContainers(client: client, key: key), on: client)
    var volumes: [ObservedVolume] = []
    for (place, data) in single(beside: own.data, &notes).sorted(by: {
      names.volume($0.key) < names.volume($1.key)
    }) {
      // A volume that has gone since is made anew by the container's next start.
      guard let volume = try await ifFound({ try await client.volumes.inspect(data) }) else { continue }
      if let problem = try await problem(with: volume, as: place, beside: own) {
        notes.append(problem)
      } else {
        volumes.append(place.observed(size: nil))
      }
    }
    return volumes
  }

  /// What each volume of the workload would have its data in, where that is one, and of one volume only.
  ///
  /// - Parameter own: where the workload has its data already.
  private func single(
    beside own: [VolumePlace: String], _ notes: inout Diagnostics
  ) -> [VolumePlace: String] {
    var single: [VolumePlace: String] = [:]
    for (place, all) in sources.sorted(by: { names.volume($0.key) < names.volume($1.key) }) {
      if all.count == 1, let data = all.first {
        single[place] = data
      } else {
        notes.report(
          .cannotAdopt, "the volume `\(place.name)` would have to be \(Self.list(all)) at once",
          help: "give the services that see other data volumes of other names")
      }
    }
    let all = own.filter { isWanted($0.key) }.merging(single) { $1 }
    let places = Dictionary(grouping: all, by: \.value).mapValues { $0.map(\.key) }
    for (data, wanted) in places.sorted(by: { $0.key < $1.key }) {
      guard wanted.contains(where: { single[$0] != nil }), !isOneVolume(wanted) else { continue }
      notes.report(
        .cannotAdopt,
        "the volume `\(data)` would have to be \(Self.list(Set(wanted.map(names.volume)))) at once",
        help:
          "what several services or instances share is one volume of one name, with `access: many`, in a `kind: deployment`"
      )
      for place in wanted { single[place] = nil }
    }
    return single
  }

  /// Whether a place is one of the spec's: that data once had another name is no reason for it not to have this one.
  private func isWanted(_ place: VolumePlace) -> Bool {
    let names = Set(workload.services.flatMap(\.volumes).map(\.name))
    return switch place {
    case .shared(let name): names.contains(name) && !workload.kind.hasStableInstances
    case .ordinal(let name, _): names.contains(name) && workload.kind.hasStableInstances
    case .instance(let name, _): names.contains(name)
    case .image: true
    }
  }

  /// Whether several places are one volume: one that an image declares, and that the spec has given a name since.
  private func isOneVolume(_ places: [VolumePlace]) -> Bool {
    let named = places.filter { if case .image = $0 { false } else { true } }
    guard let name = named.first?.name else { return places.count == 1 }
    let seen = ImageVolume.seen(as: name, in: workload)
    return named.count == 1
      && places.allSatisfy { place in
        guard case .image(let volume, let ordinal) = place else { return true }
        return seen.contains(volume) && (named[0].ordinal ?? ordinal) == ordinal
      }
  }

  private static func list(_ names: Set<String>) -> String {
    names.sorted().map { "`\($0)`" }.joined(separator: " and ")
  }

  /// Why a volume can't hold the data of one of the workload's.
  private func problem(
    with volume: DockerAPI.Volume, as place: VolumePlace, beside own: WorkloadVolumes
  ) async throws -> Diagnostic? {
    let (data, name) = (volume.name, names.volume(place))
    let start = "the volume `\(data)` can't be adopted: "
    if let owner = Label.owner(of: volume.labels), !Label.mark(volume.labels, as: key) {
      return Diagnostic(
        .cannotAdopt, start + "it belongs to the workload \(owner)",
        help: "no workload mounts a volume that berth made for another one")
    }
    if let owner = try await stamps.otherHolder(of: data, beside: key, on: client) {
      return Diagnostic(
        .cannotAdopt, start + "the workload \(owner) has adopted it",
        help:
          "a volume belongs to one workload. That one gives it up, and deletes nothing, with `type: external, source: \(data)` in its spec and then `berth destroy --volumes`"
      )
    }
    if data == name, Label.owner(of: volume.labels) == nil {
      return Diagnostic(
        .cannotAdopt,
        start + "it sits on the very name of the workload's own, and a volume's labels can't be changed",
        help: "give the workload another name, or move what the volume holds to one of another name")
    }
    if let other = strangeProject(of: volume) {
      return Diagnostic(
        .cannotAdopt, start + other,
        help:
          "write `type: external` and `source: \(data)`: then it is mounted, and `destroy --volumes` leaves it"
      )
    }
    if let other = own.data[place], other != data {
      return Diagnostic(
        .cannotAdopt,
        "the volume `\(place.name)` is there already and holds what `\(other)` has, not what `\(data)` has",
        help:
          "`berth destroy \(key.name) --volumes` removes what the workload has, where nothing of it is needed"
      )
    }
    return nil
  }

  /// Whose a volume is if it is not of the project of each container that mounts it.
  private func strangeProject(of volume: DockerAPI.Volume) -> String? {
    guard Label.owner(of: volume.labels) == nil, !Mount.isAnonymous(volume.name) else { return nil }
    let project = volume.labels?[ComposeLabel.project]
    guard projects[volume.name]?.contains(where: { $0 != project }) == true else { return nil }
    return project.map { "it is of the compose project `\($0)`, and this one only uses it" }
      ?? "it is none that the project made, which only uses it"
  }
}

extension AdoptionStamps {
  /// The workload in words, other than one, whose data a volume holds by adoption; `nil` if there is none.
  func otherHolder(of data: String, beside key: WorkloadKey, on client: DockerClient) async throws -> String?
  {
    let stamped = labels.values.filter { Label.dataVolumes(of: $0).values.contains(data) }
    let pointers = try await client.volumes.list(filters: ["label": ["\(Label.data)=\(data)"]])
    let all = stamped + pointers.compactMap(\.labels)
    return all.filter { !Label.mark($0, as: key) }.compactMap { Label.owner(of: $0) }.min()
  }
}
