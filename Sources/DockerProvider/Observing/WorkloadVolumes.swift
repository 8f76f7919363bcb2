import DockerAPI
import Planning
import WorkloadSpec

/// The volumes of a workload that are on an engine: those that specs name, and those that images declare.
///
/// A volume can't be given another name or other labels. So one whose data goes by another name from now on is not copied: a
/// volume of that name is made which stays empty, and says in its labels where the data is. Containers mount the data.
struct WorkloadVolumes: Sendable {
  /// The volumes that carry the workload's labels, by what they stand for.
  private(set) var places: [VolumePlace: DockerAPI.Volume] = [:]
  /// The volumes of which only the containers tell that mount them, by what they hold: those without a name that engines made
  /// for containers of an older berth, and those of which nothing else says, or says any more, whose data they have.
  private(set) var mounted: [VolumePlace: String] = [:]
  private let names: EngineNames

  /// Reads what an engine lists.
  ///
  /// - Parameters:
  ///   - volumes: the volumes on the workload's names.
  ///   - containers: the containers of the workload.
  ///   - stamps: the workload's stamps that stand beside containers, those of containers that have gone among them.
  init(
    _ volumes: [DockerAPI.Volume], _ containers: [StampedContainer], stamps: AdoptionStamps,
    names: EngineNames
  ) {
    self.names = names
    for volume in volumes {
      guard let place = names.place(of: volume), Label.mark(volume.labels, as: names.key),
        volume.labels?[Label.volume] == place.name
      else { continue }
      places[place] = volume
    }
    // What is there knows better than the stamp of what has gone.
    let told = (stamps.ids.map { stamps.labels[$0] } + containers.map(\.summary.labels)).map(names.data)
    for (place, data) in told.joined() where places[place] == nil { mounted[place] = data }
    let known = Set(places.values.flatMap { [$0.name, $0.dataName] } + told.flatMap(\.values))
    // Of several containers in one place, the latest that has its name is what goes on.
    let ordered = containers.sorted { left, right in
      if left.hasItsName != right.hasItsName { return right.hasItsName }
      return left.place.instance < right.place.instance
    }
    for container in ordered {
      for mount in container.summary.mounts ?? [] {
        guard let name = mount.anonymousVolume, !known.contains(name) else { continue }
        let place = VolumePlace.image(
          ImageVolume(service: container.place.service, path: mount.destination),
          ordinal: container.place.instance.place)
        if places[place] == nil { mounted[place] = name }
      }
    }
  }

  /// Asks an engine.
  static func list(
    _ names: EngineNames, _ containers: StampedContainers, on client: DockerClient
  ) async throws -> WorkloadVolumes {
    async let volumes = client.volumes.list(filters: ["name": ["^\(names.prefix)"]])
    async let stamps = AdoptionStamps.list(containers.filters(), on: client)
    let stamped = try await containers.list()
    return WorkloadVolumes(try await volumes, stamped, stamps: try await stamps, names: names)
  }

  /// As they are observed. One whose data has another name by now is observed under that.
  var observed: [ObservedVolume] {
    let taken = Set(places.filter { !$0.key.isDeclaredByImage }.values.map(\.dataName))
    let kept = places.filter { !$0.key.isDeclaredByImage || !taken.contains($0.value.dataName) }.map {
      place, volume in
      var observed = place.observed(size: volume.labels?[Label.size].flatMap { ByteQuantity($0) })
      observed.data = volume.dataName
      observed.isAdopted = isAdopted(volume)
      return observed
    }
    let others = mounted.map { place, data in
      var observed = place.observed(size: nil)
      observed.data = data
      observed.isAdopted = !data.hasPrefix(names.prefix)
      return observed
    }
    return (kept + others).sorted {
      ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1)
    }
  }

  /// The volume whose data a volume of the spec takes over, if there is none of its name yet: what an image has declared at
  /// the path at which a service sees it now. Of several, each instance's own, none is chosen.
  func predecessor(of place: VolumePlace, in workload: Workload) -> String? {
    switch place {
    case .instance, .image: return mounted[place]
    case .shared, .ordinal:
      if let data = mounted[place] { return data }
      let seen = ImageVolume.seen(as: place.name, in: workload)
      let named = Set(data.filter { !$0.key.isDeclaredByImage }.values)
      let candidates = data.filter { candidate, data in
        // What has a name in the spec already is that one's.
        if named.contains(data) { return false }
        guard case .image(let volume, let ordinal) = candidate, seen.contains(volume) else { return false }
        return place.ordinal == nil || place.ordinal == ordinal
      }
      return candidates.count == 1 ? candidates.first?.value : nil
    }
  }

  /// Whether a volume stands for data that berth did not make: what it makes goes by the workload's names.
  private func isAdopted(_ volume: DockerAPI.Volume) -> Bool {
    volume.dataName != volume.name && !places.values.contains { $0.name == volume.dataName }
  }

  /// The names under which the engine has the data.
  var data: [VolumePlace: String] { places.mapValues(\.dataName).merging(mounted) { $1 } }
}

extension DockerAPI.Volume {
  /// The volume that holds the data: itself, unless its labels name another one.
  var dataName: String { labels?[Label.data] ?? name }
}

extension Mount {
  /// The name of the volume, if it is one that an engine made by itself and called by 64 digits.
  var anonymousVolume: String? {
    guard type == "volume", let name, Self.isAnonymous(name) else { return nil }
    return name
  }

  /// Whether a name of a volume is one that an engine gave by itself.
  static func isAnonymous(_ name: String) -> Bool {
    name.utf8.count == 64 && name.allSatisfy(\.isHexDigit)
  }
}

extension VolumePlace {
  /// Whether no spec names it.
  fileprivate var isDeclaredByImage: Bool { if case .image = self { true } else { false } }

  func observed(size: ByteQuantity?) -> ObservedVolume {
    var observed = ObservedVolume(name: name, ordinal: ordinal, type: type, size: size)
    if case .image(let volume, _) = self { observed.image = volume }
    return observed
  }
}
