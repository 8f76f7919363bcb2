import DockerAPI
import Planning
import WorkloadSpec

/// What is not as berth made it about a container, and that no field of the spec states.
///
/// It is read from the container alone, by what observes and by what mends, so that both mean the same.
struct ContainerDeviations {
  /// The container.
  let container: Container
  /// What its labels say.
  let stamp: ServiceStamp
  /// The workload's names.
  let names: EngineNames
  /// The names of the containers that are too many.
  var surplus: [String] = []
  /// Whether the network of its instance is there; else it can't be in it.
  var hasInstanceNetwork = true
  /// Whether it has to be in it; see ``ContainerAdoption/needsInstanceNetwork(beside:)``.
  var needsInstanceNetwork = true

  /// What begins the path of every deviation of a container: no field of the spec is called so.
  static let prefix = "container."

  /// All of them, each with what it is and what it was made as.
  var all: [Deviation] {
    var all: [Deviation] = []
    if !hasItsName {
      all.append(Deviation(Self.prefix + "name", from: .string(container.name), to: .string(itsName)))
    }
    if !surplus.isEmpty {
      all.append(
        Deviation(Self.prefix + "duplicates", from: .list(surplus.sorted().map(Value.string)), to: nil))
    }
    if isPaused { all.append(Deviation(Self.prefix + "paused", from: .bool(true), to: .bool(false))) }
    all += updates
    if hasInstanceNetwork { all += networks }
    return all
  }

  // MARK: Name and state

  /// Whether it is called what its stamp says.
  var hasItsName: Bool {
    guard let place = names.container(named: container.name) else { return false }
    return place.instance == stamp.stamp.instance && place.service == stamp.stamp.service
  }

  /// What it should be called.
  var itsName: String { names.container(of: stamp.stamp.service, in: stamp.stamp.instance) }

  /// Whether it is paused.
  var isPaused: Bool { container.state.status == "paused" }

  // MARK: What `docker update` changes

  /// Limits and policies that say the same in the language's words, and not in the engine's.
  private var updates: [Deviation] {
    var updates: [Deviation] = []
    let (policy, made) = (container.host.restartPolicy, ContainerFields.restartPolicy(of: stamp.spec))
    let isSamePolicy = ContainerFields.restart(policy, stated: stamp.spec) == stamp.spec.restart
    if isSamePolicy, Self.text(of: policy) != Self.text(of: made) {
      updates.append(
        Deviation(
          Self.prefix + "restart", from: .string(Self.text(of: policy)), to: .string(Self.text(of: made))))
    }
    // Together with swap, it is what the spec limits.
    if let memory = stamp.spec.resources.memory?.bytes, container.host.memory == memory,
      stamp.spec.resources.swap == nil, let swap = container.host.memorySwap, swap != memory, swap != 0
    {
      updates.append(Deviation(Self.prefix + "memorySwap", from: .int(swap), to: .int(memory)))
    }
    return updates
  }

  /// `on-failure:5`; engines may say nothing for `no`.
  private static func text(of policy: DockerAPI.RestartPolicy?) -> String {
    let name = policy?.name.flatMap { $0.isEmpty ? nil : $0 } ?? "no"
    guard let retries = policy?.maximumRetries, retries > 0 else { return name }
    return "\(name):\(retries)"
  }

  // MARK: Networks

  /// The network that it was made in.
  var instanceNetwork: String { names.network(of: stamp.stamp.instance) }

  /// The networks that it is to be in, each with as what.
  var wantedNetworks: [String: EndpointConfig] {
    needsInstanceNetwork
      ? ContainerNetworks.all(of: stamp.spec, instance: instanceNetwork)
      : ContainerNetworks.joined(by: stamp.spec)
  }

  /// The networks that it is in and was not made in.
  var strangeNetworks: [String] {
    guard stamp.spec.network.mode == .instance else { return [] }
    let wanted = wantedNetworks
    let kept = stamp.adoption?.networks.union([instanceNetwork]) ?? []
    return (container.network.networks ?? [:]).keys.filter { wanted[$0] == nil && !kept.contains($0) }
      .sorted()
  }

  /// The networks that it must join, anew those that it is in already under other names.
  var networksToJoin: [String] {
    guard container.canJoinNetworks else { return [] }
    return wantedNetworks.filter { name, endpoint in
      guard let settings = container.network.networks?[name] else { return true }
      return aliases(in: settings) != endpoint.aliases?.sorted()
    }.keys.sorted()
  }

  private var networks: [Deviation] {
    var networks = strangeNetworks.map { name in
      Deviation(Self.path(ofNetwork: name), from: .string("connected"), to: nil)
    }
    let wanted = wantedNetworks
    for name in networksToJoin {
      let path = Self.path(ofNetwork: name)
      guard let settings = container.network.networks?[name] else {
        networks.append(Deviation(path, from: nil, to: .string("connected")))
        continue
      }
      networks.append(
        Deviation(
          path + ".aliases", from: .list(aliases(in: settings).map(Value.string)),
          to: .list((wanted[name]?.aliases ?? []).sorted().map(Value.string))))
    }
    return networks
  }

  /// Whether a deviation is mended by what neither stops nor changes a container's processes: another name, other networks.
  static func isMendedInPlace(_ deviation: Deviation) -> Bool {
    deviation.path == prefix + "name" || deviation.path.hasPrefix(prefix + "networks[")
  }

  private static func path(ofNetwork name: String) -> String { "\(prefix)networks[\(name)]" }

  /// The names that it was given in a network. Engines add the beginning of its id.
  private func aliases(in settings: EndpointSettings) -> [String] {
    (settings.aliases ?? []).filter { $0 != container.id.prefix(12) }.sorted()
  }
}
