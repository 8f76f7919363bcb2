import DockerAPI
import Planning
import Values
import WorkloadSpec

/// What is not as berth made it about a container, and that no field of the spec states.
///
/// It is read from the container alone, by what observes and by what mends, so that both mean the same.
struct ContainerDeviations {
  let container: Container
  /// What its labels say.
  let stamp: ServiceStamp
  let names: EngineNames
  /// The names of the containers that are too many.
  var surplus: [String] = []
  /// Whether its instance has a network for itself; else it can't be in it.
  var hasInstanceNetwork = true
  /// How the other containers of its instance came to be services'; `nil` for what berth made.
  var others: [ContainerAdoption?] = []

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
    if hasInstanceNetwork || home != .own { all += networks }
    return all
  }

  /// The network that it has for its instance.
  var home: ContainerHome { ContainerHome(of: container, stamp, beside: others, names) }

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
    let isSamePolicy =
      ContainerFields.restart(policy, stated: stamp.spec) == stamp.spec.restart
      && ContainerFields.maxRestarts(policy) == stamp.spec.maxRestarts
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

  /// The network that its instance has for itself.
  var instanceNetwork: String { names.network(of: stamp.stamp.instance) }

  /// The networks that it is to be in, each with as what.
  var wantedNetworks: [String: EndpointConfig] {
    ContainerNetworks.all(of: stamp.spec, in: stamp.stamp.instance, home: home, names)
  }

  /// The networks that it is in and was not made in.
  var strangeNetworks: [String] {
    guard stamp.spec.network.mode == .instance else { return [] }
    let wanted = wantedNetworks
    var kept = stamp.adoption?.networks.union([instanceNetwork]) ?? []
    if ContainerNetworks.found(stamp.spec, names) != nil { kept.insert(names.namesNetwork) }
    return (container.network.networks ?? [:]).keys.filter { wanted[$0] == nil && !kept.contains($0) }
      .sorted()
  }

  /// The networks that it must join, anew those that it is in already under other names.
  var networksToJoin: [String] {
    guard container.canJoinNetworks else { return [] }
    return wantedNetworks.filter { name, endpoint in
      guard let settings = container.network.networks?[name] else { return true }
      return !settings.hasNames(of: endpoint, container: container.id)
    }.keys.sorted()
  }

  /// What is not as it should be about how it is found by other workloads, in the network that there is for it.
  ///
  /// - Parameter isReady: whether its instance is ready; until then, it is not to be found.
  func beingFound(isReady: Bool) -> Deviation? {
    guard let wanted = ContainerNetworks.found(stamp.spec, names), container.canJoinNetworks,
      container.state.status == "running"
    else { return nil }
    let path = Self.path(ofNetwork: names.namesNetwork)
    guard let settings = container.network.networks?[names.namesNetwork] else {
      return isReady ? Deviation(path, from: nil, to: .string("connected")) : nil
    }
    guard !settings.hasNames(of: wanted, container: container.id) else { return nil }
    return Self.deviation(of: settings, at: path, from: wanted, container)
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
        Self.deviation(of: settings, at: path, from: wanted[name] ?? EndpointConfig(), container))
    }
    return networks
  }

  /// Whether a deviation is mended by what neither stops nor changes a container's processes: another name, other networks.
  static func isMendedInPlace(_ deviation: Deviation) -> Bool {
    deviation.path == prefix + "name" || deviation.path.hasPrefix(prefix + "networks[")
  }

  private static func path(ofNetwork name: String) -> String { "\(prefix)networks[\(name)]" }

  /// A container that goes by other names in a network than it is to, or finds others.
  private static func deviation(
    of settings: EndpointSettings, at path: String, from wanted: EndpointConfig, _ container: Container
  ) -> Deviation {
    let (names, wantedNames) = (settings.names(container: container.id), (wanted.aliases ?? []).sorted())
    guard names == wantedNames else {
      return Deviation(
        path + ".aliases", from: .list(names.map(Value.string)), to: .list(wantedNames.map(Value.string)))
    }
    return Deviation(
      path + ".links", from: .list((settings.links ?? []).sorted().map(Value.string)),
      to: .list((wanted.links ?? []).sorted().map(Value.string)))
  }
}
