import DockerAPI
import Planning
import WorkloadSpec

/// The network that a container has for its instance: where it finds the other services, and by which it reaches the world.
enum ContainerHome: Sendable, Equatable {
  /// The one that its instance has for itself.
  case own
  /// The one that instances of a single service share. They find nothing there but themselves.
  case shared
  /// None that berth makes: what it was adopted in, the machine's, or none.
  case others

  /// What the container of a service is made in.
  init(of workload: Workload, in id: InstanceID) {
    // What runs once per run looks for nothing beside it.
    self = id == .before || workload.ofInstances.services.count <= 1 ? .shared : .own
  }

  /// What a container has that is there. One that is alone stays where it is until it is made anew: what was made in a network
  /// of its instance by an older version of berth, or beside a service that has gone since.
  ///
  /// - Parameters:
  ///   - stamp: what its labels say.
  ///   - others: how the other containers of the instance came to be services'; `nil` for what berth made.
  init(
    of container: Container, _ stamp: ServiceStamp, beside others: [ContainerAdoption?], _ names: EngineNames
  ) {
    let own = names.network(of: stamp.stamp.instance)
    guard stamp.spec.network.mode == .instance else {
      self = .others
      return
    }
    if let adoption = stamp.adoption {
      self = adoption.needsInstanceNetwork(beside: others) ? .own : .others
    } else if container.host.networkMode != names.sharedNetwork {
      self = .own
    } else if stamp.stamp.instance == .before {
      self = .shared
    } else {
      self = !others.isEmpty || container.network.networks?[own] != nil ? .own : .shared
    }
  }
}

/// The networks that the container of a service is in, and as what.
enum ContainerNetworks {
  /// All of them, except for the one in which other workloads find it.
  static func all(
    of service: Service, in id: InstanceID, home: ContainerHome, _ names: EngineNames
  ) -> [String: EndpointConfig] {
    guard service.network.mode == .instance else { return [:] }
    var all = besides(service, names)
    if let (network, endpoint) = self.home(home, of: service, in: id, names) { all[network] = endpoint }
    return all
  }

  /// The one of its instance.
  static func home(
    _ home: ContainerHome, of service: Service, in id: InstanceID, _ names: EngineNames
  ) -> (network: String, endpoint: EndpointConfig)? {
    switch home {
    case .own: (names.network(of: id), EndpointConfig(aliases: ownNames(of: service)))
    case .shared:
      // A name that all in the network see would lead to all instances that have it.
      (
        names.sharedNetwork,
        EndpointConfig(
          links: ownNames(of: service).map { "\(names.container(of: service.name, in: id)):\($0)" })
      )
    case .others: nil
    }
  }

  /// The names by which it is found in its instance.
  private static func ownNames(of service: Service) -> [String] {
    ([service.name] + service.network.aliases.elements.filter { $0 != service.name }).sorted()
  }

  /// Those that it is in besides: networks that are there already, and those of the workloads that it refers to.
  static func besides(_ service: Service, _ names: EngineNames) -> [String: EndpointConfig] {
    var besides = Dictionary(
      service.network.join.map { network in
        var endpoint = EndpointConfig(aliases: network.aliases.elements)
        if let address = network.address {
          endpoint.addresses =
            IPAddress.isVersion4(address) ? .init(version4: address) : .init(version6: address)
        }
        return (network.name, endpoint)
      }
    ) { $1 }
    for key in referredTo(by: service, names) {
      besides[EngineNames(key: key).namesNetwork] = EndpointConfig()
    }
    return besides
  }

  /// The other workloads that a service refers to.
  static func referredTo(by service: Service, _ names: EngineNames) -> [WorkloadKey] {
    guard service.network.mode == .instance else { return [] }
    let others = Set(service.addressUses.compactMap(\.reference.workload)).subtracting([names.key.name])
    return others.sorted().map { WorkloadKey(namespace: names.key.namespace, name: $0) }
  }

  /// As what a service is in the network in which other workloads find its own; `nil` if none looks for it.
  static func found(_ service: Service, _ names: EngineNames) -> EndpointConfig? {
    guard service.network.mode == .instance, !service.role.isRunToEnd else { return nil }
    let name = "\(service.name).\(names.key.name)"
    return EndpointConfig(aliases: service.role == .main ? [name, names.key.name].sorted() : [name])
  }
}

extension EndpointSettings {
  /// Whether a container goes by the same names in a network as it is to, and finds the same.
  ///
  /// - Parameter id: its id, the beginning of which engines add.
  func hasNames(of endpoint: EndpointConfig, container id: String) -> Bool {
    names(container: id) == (endpoint.aliases ?? []).sorted()
      && (links ?? []).sorted() == (endpoint.links ?? []).sorted()
  }

  /// The names that it was given.
  func names(container id: String) -> [String] { (aliases ?? []).filter { $0 != id.prefix(12) }.sorted() }
}
