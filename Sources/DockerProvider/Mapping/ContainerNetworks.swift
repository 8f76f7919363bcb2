import DockerAPI
import WorkloadSpec

/// The networks that the container of a service is in, and as what.
enum ContainerNetworks {
  /// All of them.
  ///
  /// - Parameter instance: the name of the instance's network.
  static func all(of service: Service, instance: String) -> [String: EndpointConfig] {
    guard service.network.mode == .instance else { return [:] }
    return joined(by: service).merging([instance: ofInstance(service)]) { $1 }
  }

  /// As what it is in the network of its instance.
  static func ofInstance(_ service: Service) -> EndpointConfig {
    EndpointConfig(
      aliases: ([service.name] + service.network.aliases.elements.filter { $0 != service.name }).sorted())
  }

  /// Those that it joins besides, which are there already.
  static func joined(by service: Service) -> [String: EndpointConfig] {
    Dictionary(
      service.network.join.map { network in
        var endpoint = EndpointConfig(aliases: network.aliases.elements)
        if let address = network.address {
          endpoint.addresses =
            IPAddress.isVersion4(address) ? .init(version4: address) : .init(version6: address)
        }
        return (network.name, endpoint)
      }
    ) { $1 }
  }
}
