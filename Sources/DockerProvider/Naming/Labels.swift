import Planning
import Values
import WorkloadSpec

/// The labels that berth writes on what it creates. They never change, and hold no secret's value.
enum Label {
  /// What the names of berth's own labels start with; no label of a spec may.
  static let prefix = "berth."
  /// The version of the labels' meaning.
  static let version = prefix + "version"
  /// The namespace of the workload.
  static let namespace = prefix + "namespace"
  static let workload = prefix + "workload"
  static let instance = prefix + "instance"
  static let service = prefix + "service"
  /// The run that made it.
  static let run = prefix + "run"
  /// The digest of what it was made from.
  static let digest = prefix + "digest"
  /// The service that it was made from, as JSON, for what the engine itself can't tell.
  static let spec = prefix + "spec"
  /// The labels of the workload that it was made from, as JSON.
  static let labels = prefix + "labels"
  /// The keyed digests of its secrets, by their identity.
  static let secrets = prefix + "secrets"
  /// What a network is for that is not an instance's own: see ``NetworkUse``.
  static let network = prefix + "network"
  /// The name of a volume in the spec.
  static let volume = prefix + "volume"
  /// The volume that holds the data of one that is only a name for it.
  static let data = prefix + "data"
  /// Says of a volume that is only a name for data that the data was given up: a spec called it external since.
  static let givenUp = prefix + "given-up"
  /// The path at which an image declares a volume.
  static let path = prefix + "path"
  /// How large a volume is said to be.
  static let size = prefix + "size"
  /// The container that a stamp is for which stands beside it.
  static let container = prefix + "container"
  /// What a container belonged to that was adopted.
  static let origin = prefix + "origin"
  /// The networks that an adopted container was in.
  static let networks = prefix + "networks"
  /// The volumes that a container keeps data in which go by other names, as JSON.
  static let volumes = prefix + "volumes"

  /// The version that this berth writes.
  static let currentVersion = "1"

  /// What everything of a workload carries.
  static func common(_ key: WorkloadKey, run id: RunID) -> [String: String] {
    [
      version: currentVersion, namespace: key.namespace, workload: key.name, run: id.description,
    ]
  }

  /// What the network of an instance carries.
  static func network(of id: InstanceID, _ key: WorkloadKey, run: RunID) -> [String: String] {
    common(key, run: run).merging([instance: id.description]) { $1 }
  }

  /// What the network carries in which other workloads find one by name. The run is that of the workload that was the
  /// first to refer to it.
  static func namesNetwork(of key: WorkloadKey, run: RunID) -> [String: String] {
    common(key, run: run).merging([network: NetworkUse.names.rawValue]) { $1 }
  }

  /// What the network carries that the instances of a single service share. It is no workload's.
  static func sharedNetwork(of namespace: String, run: RunID) -> [String: String] {
    [
      version: currentVersion, self.namespace: namespace, self.run: run.description,
      network: NetworkUse.instances.rawValue,
    ]
  }

  /// What a volume carries.
  static func volume(
    _ place: VolumePlace, size: ByteQuantity?, _ key: WorkloadKey, run: RunID
  ) -> [String: String] {
    var labels = common(key, run: run).merging([volume: place.name]) { $1 }
    labels[self.size] = size?.description
    if case .image(let volume, _) = place {
      labels[service] = volume.service
      labels[path] = volume.path
    }
    return labels
  }

  /// The volumes that hold the data of a workload's volumes, by the names that these have on the engine or, of those that
  /// an image declares, by their paths, as a container says of those that it mounts: what else says so is an empty
  /// volume, which any user of the engine may prune. ``EngineNames/data(toldBy:)`` reads the keys.
  static func dataVolumes(of labels: [String: String]?) -> [String: String] {
    guard let json = labels?[volumes], let value = try? Value(json: json) else { return [:] }
    return Dictionary(
      (value.members ?? []).compactMap { member in member.value.string.map { (member.key, $0) } }
    ) { $1 }
  }

  /// What ``dataVolumes(of:)`` reads.
  static func text(ofDataVolumes volumes: [String: String]) -> String {
    CanonicalJSON.compact(.map(volumes.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
  }

  /// The labels among some that are berth's own.
  static func own(of labels: [String: String]?) -> [String: String] {
    (labels ?? [:]).filter { $0.key.hasPrefix(prefix) }
  }

  /// The workload that something was made for, by its labels, in words; `nil` if berth did not make it.
  static func owner(of labels: [String: String]?) -> String? {
    guard labels?[version] != nil || labels?[workload] != nil else { return nil }
    return "`\(labels?[workload] ?? "")` of the namespace `\(labels?[namespace] ?? "")`"
  }

  /// Whether two things carry the labels of one use: whose they are, and what for.
  static func isSameUse(_ labels: [String: String]?, as other: [String: String]) -> Bool {
    labels?[version] != nil
      && [namespace, workload, network].allSatisfy { labels?[$0] == other[$0] }
  }

  /// Whether something carries the labels of a workload.
  static func mark(_ labels: [String: String]?, as key: WorkloadKey) -> Bool {
    labels?[namespace] == key.namespace && labels?[workload] == key.name && labels?[version] != nil
  }
}

/// What a network is for in which there are containers of several workloads, as its label says.
enum NetworkUse: String, Sendable {
  /// In it, other workloads find one by name.
  case names
  /// The instances of a single service share it.
  case instances
}

/// What a container's labels say of it: its stamp, and what it was made from.
struct ServiceStamp: Sendable, Equatable {
  /// Whose it is.
  var stamp: Stamp
  /// The service that it was made from.
  var spec: Service
  /// The labels of the workload that it was made from.
  var workloadLabels: StringMap
  /// The keyed digests of its secrets, by their identity.
  var secretDigests: [String: String]
  /// How its container came to be the service's, if berth did not make it.
  var adoption: ContainerAdoption?

  init(
    stamp: Stamp, spec: Service, workloadLabels: StringMap, secretDigests: [String: String],
    adoption: ContainerAdoption? = nil
  ) {
    self.adoption = adoption
    self.stamp = stamp
    self.spec = spec
    self.workloadLabels = workloadLabels
    self.secretDigests = secretDigests
  }

  /// As labels. What people wrote comes first, and what is the service's own wins over the workload's.
  var labels: [String: String] {
    var labels: [String: String] = [:]
    for entry in workloadLabels.entries { labels[entry.key] = entry.value }
    for entry in spec.annotations.entries { labels[entry.key] = entry.value }
    labels.merge(Label.common(stamp.key, run: stamp.run)) { $1 }
    labels[Label.instance] = stamp.instance.description
    labels[Label.service] = stamp.service
    labels[Label.digest] = stamp.digest.description
    labels[Label.spec] = spec.json
    labels[Label.labels] = CanonicalJSON.compact(workloadLabels.plain)
    if !secretDigests.isEmpty {
      labels[Label.secrets] = CanonicalJSON.compact(
        .map(secretDigests.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
    }
    if let adoption { labels.merge(adoption.labels) { $1 } }
    return labels
  }

  /// Reads labels; `nil` if they are not of this workload.
  ///
  /// - Throws: ``UnreadableStamp`` if they are, and another version of berth wrote them.
  init?(labels: [String: String], key: WorkloadKey) throws(UnreadableStamp) {
    guard Label.mark(labels, as: key),
      let instance = labels[Label.instance].flatMap({ InstanceID(text: $0) }),
      let service = labels[Label.service], let run = labels[Label.run], let digest = labels[Label.digest]
    else { return nil }
    guard labels[Label.version] == Label.currentVersion, let text = labels[Label.spec],
      let spec = try? Service(json: text, name: Label.spec)
    else { throw UnreadableStamp() }
    self.init(
      stamp: Stamp(
        key: key, instance: instance, service: service, run: RunID(run), digest: SpecDigest(digest)),
      spec: spec, workloadLabels: StringMap(Self.texts(labels[Label.labels])),
      secretDigests: Dictionary(Self.texts(labels[Label.secrets]).map { ($0.key, $0.value) }) { $1 },
      adoption: ContainerAdoption(labels: labels))
  }

  /// The texts of a JSON object; none if it is something else.
  private static func texts(_ json: String?) -> [(key: String, value: String)] {
    guard let json, let value = try? Value(json: json) else { return [] }
    return (value.members ?? []).compactMap { member in
      member.value.string.map { (key: member.key, value: $0) }
    }
  }
}

/// Labels that are berth's and can't be read by this one.
struct UnreadableStamp: Error {}
