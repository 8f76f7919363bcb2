/// A network as the engine lists and inspects it.
package struct Network: Decodable, Sendable, Equatable {
  /// Its id. Names may be taken more than once, ids are not.
  package let id: String
  package let name: String
  /// When it was created.
  package let created: EngineTime?
  /// Its driver, such as `bridge`.
  package let driver: String?
  /// Whether nothing outside is reached from it.
  package let isInternal: Bool?
  package let labels: [String: String]?
  /// The driver's options.
  package let options: [String: String]?
  /// The containers in it, by id. Lists leave it out.
  package let containers: [String: Member]?
  private let addresses: Addresses?

  /// The addresses that it has: `172.18.0.0/16`.
  package var subnets: [String] { (addresses?.parts ?? []).compactMap(\.subnet) }

  /// Where its addresses come from.
  private struct Addresses: Decodable, Sendable, Equatable {
    let parts: [Part]?

    struct Part: Decodable, Sendable, Equatable {
      let subnet: String?

      enum CodingKeys: String, CodingKey { case subnet = "Subnet" }
    }

    enum CodingKeys: String, CodingKey { case parts = "Config" }
  }

  /// A container in a network.
  package struct Member: Decodable, Sendable, Equatable {
    package let name: String
    /// Its address, with the length of the network's prefix.
    package let address: String?

    enum CodingKeys: String, CodingKey {
      case name = "Name"
      case address = "IPv4Address"
    }
  }

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case name = "Name"
    case created = "Created"
    case driver = "Driver"
    case isInternal = "Internal"
    case labels = "Labels"
    case options = "Options"
    case containers = "Containers"
    case addresses = "IPAM"
  }
}

/// A network that is to be created.
package struct NetworkCreation: Encodable, Sendable, Equatable {
  package var name: String
  /// The driver of the network, such as `bridge`.
  package var driver: String
  /// Whether nothing outside is reached from it.
  package var isInternal: Bool
  package var labels: [String: String]
  /// The driver's options.
  package var options: [String: String]
  /// Older engines take a name twice unless they are asked not to.
  private let checksDuplicate = true

  package init(
    name: String, driver: String = "bridge", isInternal: Bool = false, labels: [String: String] = [:],
    options: [String: String] = [:]
  ) {
    self.name = name
    self.driver = driver
    self.isInternal = isInternal
    self.labels = labels
    self.options = options
  }

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case driver = "Driver"
    case isInternal = "Internal"
    case labels = "Labels"
    case options = "Options"
    case checksDuplicate = "CheckDuplicate"
  }
}

/// As what a container joins a network.
package struct EndpointConfig: Codable, Sendable, Equatable {
  /// The names by which the others in the network find it, beside its own.
  package var aliases: [String]?
  /// The names by which it alone finds containers in the network, as `CONTAINER:NAME`.
  package var links: [String]?
  /// The addresses that it asks for; the engine gives it some if it asks for none.
  package var addresses: Addresses?
  /// The hardware address that it asks for; since version 1.44 of the API.
  package var macAddress: String?

  /// Addresses that are asked for.
  package struct Addresses: Codable, Sendable, Equatable {
    /// The one of IPv4.
    package var version4: String?
    /// The one of IPv6.
    package var version6: String?

    package init(version4: String? = nil, version6: String? = nil) {
      self.version4 = version4
      self.version6 = version6
    }

    enum CodingKeys: String, CodingKey {
      case version4 = "IPv4Address"
      case version6 = "IPv6Address"
    }
  }

  package init(
    aliases: [String]? = nil, links: [String]? = nil, addresses: Addresses? = nil, macAddress: String? = nil
  ) {
    self.aliases = aliases
    self.links = links
    self.addresses = addresses
    self.macAddress = macAddress
  }

  enum CodingKeys: String, CodingKey {
    case aliases = "Aliases"
    case links = "Links"
    case addresses = "IPAMConfig"
    case macAddress = "MacAddress"
  }
}

/// A container's place in a network.
package struct EndpointSettings: Decodable, Sendable, Equatable {
  package let networkID: String?
  /// The names by which the others find it; engines add its id.
  package let aliases: [String]?
  /// The names by which it alone finds containers, as `CONTAINER:NAME`.
  package let links: [String]?
  /// The addresses that it asked for.
  package let asked: EndpointConfig.Addresses?
  /// Its IPv4 address; empty while it does not run.
  package let address: String?
  /// Its IPv6 address; empty if it has none.
  package let address6: String?
  /// The address of the network's gateway.
  package let gateway: String?

  enum CodingKeys: String, CodingKey {
    case networkID = "NetworkID"
    case aliases = "Aliases"
    case links = "Links"
    case asked = "IPAMConfig"
    case address = "IPAddress"
    case address6 = "GlobalIPv6Address"
    case gateway = "Gateway"
  }
}
