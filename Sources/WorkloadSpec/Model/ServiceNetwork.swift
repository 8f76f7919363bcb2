/// How a service is connected, apart from its ports.
public struct ServiceNetwork: SpecObject {
  /// Whether it is in the network of its instance, in the machine's own, or in none but its loopback.
  public var mode = NetworkMode.instance
  /// Further names by which the other services of its instance find it.
  public var aliases: StringSet = []
  /// Names that it finds at addresses of their own.
  public var extraHosts = StringMap()
  /// How it finds names.
  @Sparse public var dns: NameService
  /// Settings of the kernel for its network.
  public var sysctls = StringMap()
  /// Networks that are there already, which it joins as well.
  public var join: [JoinedNetwork] = []

  /// The network of the instance and nothing more.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<ServiceNetwork>(
    "network", "How a service is connected, apart from its ports.",
    synonyms: [
      "network_mode": "mode", "networkMode": "mode", "extra_hosts": "extraHosts", "hostAliases": "extraHosts",
      "hosts": "extraHosts", "networks": "join",
    ],
    fields: [
      Field(
        "mode", \.mode,
        "which network it is in: that of its instance, the machine's own, or none but its loopback"),
      Field(
        "aliases", \.aliases, "further names by which the other services of its instance find it",
        rules: [.hostNames]),
      Field("extraHosts", \.extraHosts, "names that it finds at addresses of their own", rules: [.hosts]),
      Field("dns", \.$dns, "how it finds names"),
      Field("sysctls", \.sysctls, "settings of the kernel for it alone, such as `net.core.somaxconn`"),
      Field("join", \.join, "networks that are there already, which it joins as well"),
    ])
}

/// Which network a service is in.
public enum NetworkMode: String, SpecChoice {
  /// The one that the services of its instance share.
  case instance
  /// The machine's own.
  case host
  /// None but its loopback.
  case none
}

/// How a service finds names.
public struct NameService: SpecObject {
  /// The servers that are asked, in order.
  public var servers: [String] = []
  /// The domains in which short names are looked for, in order.
  public var search: [String] = []
  /// Options of the resolver.
  public var options: [String] = []

  /// As the engine has it.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<NameService>(
    "dns", plural: "dns", "How a service finds names. What is not set is as the engine has it.",
    synonyms: ["nameservers": "servers", "searches": "search", "dns_search": "search", "dns_opt": "options"],
    fields: [
      Field(
        "servers", \.servers, "the addresses of the servers that are asked, in order", rules: [.addresses]),
      Field("search", \.search, "the domains in which short names are looked for, in order", rules: [.texts]),
      Field("options", \.options, "options of the resolver, such as `ndots:2`", rules: [.texts]),
    ])
}

/// A network that is there already, which a service joins: that of a reverse proxy, say.
public struct JoinedNetwork: SpecElement {
  /// The network's name on the engine.
  public var name = ""
  /// Names by which the service is found there.
  public var aliases: StringSet = []
  /// Its address there; the engine gives it one if that is not set.
  public var address: String?

  /// A network with nothing set.
  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Networks of a service are told apart by name.
  public var identity: String { name }

  /// The statement of its fields.
  public static let schema = ObjectSchema<JoinedNetwork>(
    "joined network", "A network that is there already, which a service joins: that of a reverse proxy, say.",
    synonyms: ["ipv4_address": "address", "ipv6_address": "address"],
    shorthand: { "{name: \($0)}" },
    fields: [
      Field("name", \.name, "the network's name on the engine", required: true, rules: [.engineName]),
      Field("aliases", \.aliases, "names by which the service is found there", rules: [.hostNames]),
      Field(
        "address", \.address, "its address there; without it, the engine gives it one", rules: [.address]),
    ])
}
