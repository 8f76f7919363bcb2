import Values

/// How a container came to be a service's that berth did not make.
///
/// The labels of a container can't be changed. So its stamp stands beside it: in the labels of an empty volume, whose name
/// is made of the container's id, so that one workload only can have it. The stamp goes with the container.
struct ContainerAdoption: Sendable, Equatable {
  /// The id of the container.
  var container: String
  /// What it belonged to: a compose project; itself, by its name, if it was on its own.
  var origin: String
  /// The networks that it was in. It stays in them for as long as it lives: what reaches it there is not broken off.
  var networks: Set<String> = []
  /// The volumes that it keeps data in, by the keys of ``Label/volumes``.
  var volumes: [String: String] = [:]

  /// Whether its container has to join the network of its instance. To join one sets its published ports up anew, which
  /// refuses connections for a moment: those that were adopted together go on in the network that they share, and join when
  /// something is made that is not in it.
  ///
  /// - Parameter others: how the other containers of the instance came to be services'; `nil` for what berth made.
  func needsInstanceNetwork(beside others: [ContainerAdoption?]) -> Bool {
    // In the engine's own network nothing is found by its name.
    let named = networks.subtracting(["bridge"])
    return others.contains { other in other.map { named.isDisjoint(with: $0.networks) } ?? true }
  }

  /// What the names of the volumes begin with in which stamps stand. No name of a workload's things has a dot there.
  static let prefix = "berth.adopted_"

  /// The volume in whose labels the stamp of a container stands.
  static func volume(of container: String) -> String { prefix + container }

  /// The labels that stamps have for this.
  var labels: [String: String] {
    [
      Label.container: container, Label.origin: origin,
      Label.networks: CanonicalJSON.compact(.list(networks.sorted().map(Value.string))),
      Label.volumes: Label.text(ofDataVolumes: volumes),
    ]
  }

  /// How a container came to be ours.
  init(
    container: String, origin: String, networks: Set<String> = [], volumes: [String: String] = [:]
  ) {
    self.container = container
    self.origin = origin
    self.networks = networks
    self.volumes = volumes
  }

  /// Reads labels; `nil` if berth made what carries them.
  init?(labels: [String: String]) {
    guard let container = labels[Label.container] else { return nil }
    self.container = container
    origin = labels[Label.origin] ?? ""
    let networks = labels[Label.networks].flatMap { try? Value(json: $0) }
    self.networks = Set((networks?.list ?? []).compactMap(\.string))
    volumes = Label.dataVolumes(of: labels)
  }
}
