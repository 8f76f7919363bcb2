import Crypto
import DockerAPI
import Planning
import Values
import WorkloadSpec

/// What the things of a workload are called on the engine.
///
/// `_` joins the parts of a name, since no part can contain it:
///
///     <namespace>_<workload>_<instance>                  the network of an instance of several services
///     <namespace>_<workload>_names                       the network in which other workloads find this one
///     <namespace>.instances                              the network that instances of a single service share
///     <namespace>_<workload>_<instance>_<service>        the container of a service
///     <namespace>_<workload>_<instance>_<service>.stopped   the same, while operators keep it stopped
///     <namespace>_<workload>_<instance>_<service>.replaced  the same, while another one takes its place
///     <namespace>_<workload>_<volume>[_<ordinal>]        a persistent volume
///     <namespace>_<workload>_<instance>.<volume>         an ephemeral volume
///     <namespace>_<workload>_<service>.<path>_<ordinal>  a volume that the image of a service declares
///
/// The instance is `0`, `0_g1` for one that a surge made, or `before` for what runs once per run.
struct EngineNames: Sendable, Equatable {
  let key: WorkloadKey

  /// What all names of the workload start with.
  var prefix: String { "\(key.namespace)_\(key.name)_" }

  /// The network of an instance of several services.
  func network(of id: InstanceID) -> String { prefix + id.description }

  /// The network in which other workloads find this one by name. No instance is called so, and of the names of the
  /// workload's networks it is the last: older engines take the way out of a container by that order.
  var namesNetwork: String { prefix + Self.namesPart }

  /// The network that the instances of a single service share, those of all workloads of the namespace.
  var sharedNetwork: String { "\(key.namespace).instances" }

  /// The workload that is found in a network by name; `nil` if it is no such network of the namespace.
  func workload(ofNamesNetwork name: String) -> WorkloadKey? {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == key.namespace, parts[2] == Self.namesPart else { return nil }
    return WorkloadKey(namespace: key.namespace, name: String(parts[1]))
  }

  private static let namesPart = "names"

  func container(
    of service: String, in id: InstanceID, as standing: ContainerStanding = .current
  ) -> String {
    "\(prefix)\(id)_\(service)\(standing.rawValue)"
  }

  /// A volume of the spec.
  func volume(_ volume: VolumePlace) -> String {
    switch volume {
    case .shared(let name): prefix + name
    case .ordinal(let name, let ordinal): "\(prefix)\(name)_\(ordinal)"
    case .instance(let name, let id): "\(prefix)\(id).\(name)"
    case .image(let volume, let ordinal): "\(prefix)\(volume.label)_\(ordinal)"
    }
  }

  // MARK: Reading

  /// What the name of a container stands for; `nil` if it is not one of this workload.
  func container(named name: String) -> ContainerPlace? {
    guard name.hasPrefix(prefix) else { return nil }
    let rest = name.dropFirst(prefix.count)
    let end = rest.firstIndex(of: ".") ?? rest.endIndex
    guard let standing = ContainerStanding(rawValue: String(rest[end...])),
      let last = rest[..<end].lastIndex(of: "_"), let id = InstanceID(text: rest[..<last])
    else { return nil }
    let service = String(rest[rest.index(after: last)..<end])
    guard DNSLabel.isValid(service) else { return nil }
    return ContainerPlace(instance: id, service: service, standing: standing)
  }

  /// The instance that the name of a network stands for; `nil` if it is not one of this workload.
  func instance(ofNetwork name: String) -> InstanceID? {
    guard name.hasPrefix(prefix) else { return nil }
    return InstanceID(text: name.dropFirst(prefix.count))
  }

  /// What a volume stands for by its name and, if an image declares it, its labels; `nil` if it is not one of this
  /// workload.
  func place(of volume: DockerAPI.Volume) -> VolumePlace? {
    guard let ordinal = ordinal(ofImageVolume: volume.name) else { return self.volume(named: volume.name) }
    guard let service = volume.labels?[Label.service], let path = volume.labels?[Label.path] else {
      return nil
    }
    let place = VolumePlace.image(ImageVolume(service: service, path: path), ordinal: ordinal)
    return self.volume(place) == volume.name ? place : nil
  }

  /// Which ordinal a name means that only a volume has which an image declares; `nil` if it is none of this workload.
  func ordinal(ofImageVolume name: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let rest = name.dropFirst(prefix.count)
    guard let dot = rest.firstIndex(of: "."), let last = rest.lastIndex(of: "_"), dot < last,
      DNSLabel.isValid(String(rest[..<dot])), DNSLabel.isValid(String(rest[rest.index(after: dot)..<last])),
      let id = InstanceID(text: rest[rest.index(after: last)...]), id.generation == 0
    else { return nil }
    return id.place
  }

  /// What the name of a volume of the spec stands for; `nil` if it is not one of this workload.
  func volume(named name: String) -> VolumePlace? {
    guard name.hasPrefix(prefix) else { return nil }
    let rest = name.dropFirst(prefix.count)
    if let dot = rest.firstIndex(of: ".") {
      let volume = String(rest[rest.index(after: dot)...])
      guard let id = InstanceID(text: rest[..<dot]), DNSLabel.isValid(volume) else { return nil }
      return .instance(volume, id)
    }
    let parts = rest.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard let volume = parts.first, DNSLabel.isValid(volume) else { return nil }
    switch parts.count {
    case 1: return .shared(volume)
    case 2: return InstanceID(text: parts[1]).map { .ordinal(volume, $0.place) }
    default: return nil
    }
  }
}

extension EngineNames {
  /// Where the data of volumes is, as a stamp says of those that go by other names than berth would give them: see
  /// ``Label/volumes``. A key is such a name or, of a volume that the image of the service declares, its path.
  ///
  /// - Parameter labels: those of the stamp.
  func data(toldBy labels: [String: String]?) -> [VolumePlace: String] {
    var data: [VolumePlace: String] = [:]
    for (key, name) in Label.dataVolumes(of: labels) {
      if let place = volume(named: key) {
        data[place] = name
      } else if key.hasPrefix("/"), let service = labels?[Label.service],
        let id = labels?[Label.instance].flatMap({ InstanceID(text: $0) })
      {
        data[.image(ImageVolume(service: service, path: key), ordinal: id.place)] = name
      }
    }
    return data
  }
}

/// Whose a container is, as its name says.
struct ContainerPlace: Hashable, Sendable {
  var instance: InstanceID
  var service: String
  /// What it is to the service.
  var standing: ContainerStanding
}

/// What a container is to its service: what its name ends with.
enum ContainerStanding: String, CaseIterable, Sendable {
  /// It is the service's.
  case current = ""
  /// It is the service's, and operators keep it stopped.
  case stopped = ".stopped"
  /// It is the service's until the one that was made in its place has taken over.
  case replaced = ".replaced"
}

/// Which volume a name of the spec means, seen from one instance.
enum VolumePlace: Hashable, Sendable {
  /// The one that all instances share.
  case shared(String)
  /// The one that belongs to the instances of an ordinal.
  case ordinal(String, Int)
  /// The one that goes with its instance.
  case instance(String, InstanceID)
  /// The one that an image declares, and that belongs to the instances of an ordinal.
  case image(ImageVolume, ordinal: Int)

  /// Where a volume of an instance's service is; `nil` if it is none that berth makes.
  init?(_ volume: WorkloadSpec.Volume, in id: InstanceID, of kind: WorkloadKind) {
    switch volume.type {
    case .bind, .memory, .external: return nil
    case .ephemeral: self = .instance(volume.name, id)
    case .persistent:
      self = kind.hasStableInstances ? .ordinal(volume.name, id.place) : .shared(volume.name)
    }
  }

  /// The name in the spec; of one that the spec does not name, one that no spec can have.
  var name: String {
    switch self {
    case .shared(let name), .ordinal(let name, _), .instance(let name, _): name
    case .image(let volume, _): volume.label
    }
  }

  /// The ordinal that it belongs to; `nil` if all share it.
  var ordinal: Int? {
    switch self {
    case .shared: nil
    case .ordinal(_, let ordinal), .image(_, let ordinal): ordinal
    case .instance(_, let id): id.ordinal
    }
  }

  /// How long it lives.
  var type: VolumeType { if case .instance = self { .ephemeral } else { .persistent } }
}

extension ImageVolume {
  /// What it is called: `db.var-lib-postgresql-data`. The part after the point is a name of letters, digits and hyphens
  /// which no other path of the service has.
  var label: String {
    func isPlain(_ character: Character) -> Bool {
      character.isASCII && (character.isLowercase || character.isNumber)
    }
    let parts = path.split(separator: "/")
    let words = parts.map { $0.lowercased().filter(isPlain) }.filter { !$0.isEmpty }
    let text = words.joined(separator: "-")
    if parts.allSatisfy({ $0.allSatisfy(isPlain) }), text.count <= Self.longest {
      return "\(service).\(text)"
    }
    let digest = Hex.lower(SHA256.hash(data: Array(path.utf8)).prefix(4))
    return "\(service)."
      + [text.prefix(Self.longest).description, digest].filter { !$0.isEmpty }.joined(separator: "-")
  }

  /// What it is called where it goes with its instance: `image-1a2b3c4d`.
  var ownName: String {
    "image-\(Hex.lower(SHA256.hash(data: Array("\(service)\n\(path)".utf8)).prefix(4)))"
  }

  /// What a spec could call it.
  var suggestion: String {
    let last = String(path.split(separator: "/").last ?? "").lowercased()
    return DNSLabel.isValid(last) ? last : "data"
  }

  /// How many characters of a path its name shows.
  private static let longest = 48
}
