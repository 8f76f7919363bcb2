import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Sees to it that an engine has the volumes that a container mounts: those that the spec names, and those that its image
/// declares.
struct VolumeSupply: Sendable {
  let client: DockerClient
  /// The run, which goes into labels.
  let context: ActionContext

  private var key: WorkloadKey { context.key }
  private var names: EngineNames { EngineNames(key: key) }

  /// What a container of a service mounts; what is missing is made.
  ///
  /// - Parameter image: what the container is made from.
  /// - Throws: `ActionFailure` if something that is not ours has the name of a volume.
  func mounts(
    of service: Service, in id: InstanceID, _ workload: Workload, image: Image
  ) async throws -> [MountSpec] {
    var mounts: [MountSpec] = []
    for volume in service.volumes {
      var source: String?
      if volume.type == .external { try await giveUp(volume.source ?? volume.name) }
      if let place = VolumePlace(volume, in: id, of: workload.kind) {
        source = try await provide(place, size: volume.size, driver: volume.driver, for: workload)
      }
      mounts.append(ContainerFields.mount(volume, of: source))
    }
    for volume in ImageVolume.undeclared(by: service, image) {
      // What runs once per run has no place among the replicas: nothing is kept for one.
      let place =
        id == .before ? .instance(volume.ownName, id) : VolumePlace.image(volume, ordinal: id.place)
      mounts.append(
        MountSpec(source: try await provide(place, size: nil, for: workload), target: volume.path))
    }
    return mounts
  }

  /// Remembers where the data of a container is that an older berth made, before the container goes: a volume without a name
  /// is known by nothing else.
  func remember(_ found: FoundContainer) async throws {
    if found.stamp.stamp.instance == .before { return }
    for (name, data, other) in try await rememberData(of: found.container.config.labels) {
      context.report("the volume `\(name)` has what `\(other)` holds; `\(data)` stays on the engine")
    }
    let mounts = (found.container.mounts ?? []).filter { mount in
      mount.anonymousVolume != nil && found.stamp.spec.volume(at: MountPath.plain(mount.destination)) == nil
    }
    guard !mounts.isEmpty else { return }
    let all = try await list()
    for mount in mounts {
      guard let name = mount.anonymousVolume else { continue }
      let volume = ImageVolume(service: found.stamp.stamp.service, path: mount.destination)
      let place = VolumePlace.image(volume, ordinal: found.stamp.stamp.instance.place)
      if all.places[place]?.dataName == name { continue }
      if all.mounted[place] == name {
        _ = try await make(place, size: nil, data: name)
      } else {
        context.report(
          "the volume `\(name)`, which held \(volume.path) of `\(volume.service)` in instance \(found.stamp.stamp.instance), stays on the engine: another container's is carried over"
        )
      }
    }
  }

  /// Makes the volumes that say where the data is which a container mounts under other names.
  ///
  /// - Parameter labels: those of the container's stamp.
  /// - Returns: those that say otherwise already: their names, what the container has, and what they say.
  @discardableResult func rememberData(
    of labels: [String: String]?
  ) async throws -> [(name: String, data: String, other: String)] {
    var others: [(String, String, String)] = []
    let told = names.data(toldBy: labels).map { (names.volume($0.key), $0.key, $0.value) }
    for (name, place, data) in told.sorted(by: { $0.0 < $1.0 }) {
      let volume = try await make(place, size: nil, data: data)
      if volume.dataName != data { others.append((name, data, volume.dataName)) }
    }
    return others
  }

  /// - Returns: the name of the volume that holds the data.
  private func provide(
    _ place: VolumePlace, size: ByteQuantity?, driver: VolumeDriver = VolumeDriver(), for workload: Workload
  ) async throws -> String {
    let name = names.volume(place)
    let volume: DockerAPI.Volume
    if let found = try await ifFound({ try await client.volumes.inspect(name) }) {
      volume = try await mark(try own(found), asGivenUp: false)
    } else {
      volume = try await make(
        place, size: size, driver: driver, data: list().predecessor(of: place, in: workload))
    }
    if volume.dataName != name,
      try await ifFound({ try await client.volumes.inspect(volume.dataName) }) == nil
    {
      // If it was removed, it is made with labels that say whose it is.
      try await client.volumes.create(
        VolumeCreation(
          name: volume.dataName, driver: driver,
          labels: Label.volume(place, size: size, key, run: context.run)))
      context.report(
        "the volume `\(volume.dataName)`, which held the data of `\(place.name)`, is gone: it is made anew, and is empty"
      )
    }
    return volume.dataName
  }

  /// Remembers that data is not the workload's own any more: what once stands in a spec as external is never deleted, whatever
  /// later specs say of it, until one calls it the workload's own again.
  private func giveUp(_ data: String) async throws {
    let filters = ["label": ["\(Label.data)=\(data)"]]
    for volume in try await client.volumes.list(filters: filters) where Label.mark(volume.labels, as: key) {
      _ = try await mark(volume, asGivenUp: true)
    }
  }

  /// A volume that says where data is, saying as well whether that was given up. It is empty, so that it can be made anew.
  private func mark(_ volume: DockerAPI.Volume, asGivenUp isGivenUp: Bool) async throws -> DockerAPI.Volume {
    guard volume.dataName != volume.name, (volume.labels?[Label.givenUp] != nil) != isGivenUp else {
      return volume
    }
    var labels = volume.labels ?? [:]
    labels[Label.givenUp] = isGivenUp ? "true" : nil
    _ = try await ifFound { try await client.volumes.remove(volume.name) }
    return try own(try await client.volumes.create(VolumeCreation(name: volume.name, labels: labels)))
  }

  private func list() async throws -> WorkloadVolumes {
    try await .list(names, StampedContainers(client: client, key: key), on: client)
  }

  /// Makes a volume. One that is there stays as it is.
  private func make(
    _ place: VolumePlace, size: ByteQuantity?, driver: VolumeDriver = VolumeDriver(), data: String?
  ) async throws -> DockerAPI.Volume {
    var labels = Label.volume(place, size: size, key, run: context.run)
    labels[Label.data] = data
    return try own(
      try await client.volumes.create(
        VolumeCreation(name: names.volume(place), driver: driver, labels: labels)))
  }

  private func own(_ volume: DockerAPI.Volume) throws -> DockerAPI.Volume {
    guard Label.mark(volume.labels, as: key) else {
      throw ActionFailure("the volume `\(volume.name)` is in the way: berth did not create it")
    }
    return volume
  }

  /// Why data is not only this workload's own, in words; `nil` if it is.
  private func otherHolder(of volume: DockerAPI.Volume) async throws -> String? {
    let data = volume.dataName
    if data == volume.name { return nil }
    let isExternal = [context.desired, context.last].compactMap(\.self).flatMap(\.services).contains {
      service in
      service.volumes.contains { $0.type == .external && ($0.source ?? $0.name) == data }
    }
    if isExternal || volume.labels?[Label.givenUp] != nil { return "the spec says that it is external" }
    let labels = try await ifFound { try await client.volumes.inspect(data) }?.labels
    let owner =
      if let owner = Label.owner(of: labels), !Label.mark(labels, as: key) { owner } else {
        try await AdoptionStamps.all(on: client).otherHolder(of: data, beside: key, on: client)
      }
    return owner.map { "the workload \($0) has its data there, too" }
  }

  /// Removes a volume with its data, wherever that is. Data that is not only this workload's own stays.
  func remove(_ name: String, _ ordinal: Int?) async throws {
    let volumes = try await client.volumes.list(filters: ["name": ["^\(names.prefix)"]])
    let ours = WorkloadVolumes(volumes, [], stamps: AdoptionStamps(among: []), names: names).places
    for (place, volume) in ours where place.name == name && place.ordinal == ordinal {
      let others = ours.values.filter { $0.dataName == volume.dataName && $0.name != volume.dataName }
      let holder = try await otherHolder(of: volume)
      if let holder { context.report("the volume `\(volume.dataName)` stays: \(holder)") }
      // The data first: as long as it is there, something says where it is.
      for part in (holder == nil ? [volume.dataName] : []) + others.map(\.name) {
        _ = try await ifFound { try await client.volumes.remove(part) }
      }
    }
  }
}

extension ImageVolume {
  /// Where services see a volume of the spec: what an image declares there may be its data.
  static func seen(as name: String, in workload: Workload) -> Set<ImageVolume> {
    Set(
      workload.services.flatMap { service in
        service.volumes.filter { $0.name == name }.map {
          ImageVolume(service: service.name, path: ContainerFields.fill($0.mountPath))
        }
      })
  }

  /// The volumes that an image declares and that a service does not name, by path.
  static func undeclared(by service: Service, _ image: Image) -> [ImageVolume] {
    Set((image.config?.volumes ?? [:]).keys.map { ImageVolume(service: service.name, path: $0) })
      // Nothing can be mounted in the place of everything.
      .filter { $0.path != "/" && service.volume(at: $0.path) == nil }
      .sorted { $0.path < $1.path }
  }
}

extension VolumeCreation {
  /// A volume by the driver that a spec names.
  fileprivate init(name: String, driver: VolumeDriver, labels: [String: String]) {
    self.init(
      name: name, driver: driver.name, labels: labels,
      options: Dictionary(driver.options.entries.map { ($0.key, $0.value) }) { $1 })
  }
}
