import ProviderKit
import WorkloadSpec

/// What a target of a Nomad cluster may say in berth.yaml, besides what every target may say.
public struct NomadTarget: SpecObject {
  /// The address of a server or client of the cluster.
  public var address: String?
  /// The reference of the secret that holds the token.
  public var token: String?
  /// The file of the authority that the server's certificate is checked by.
  public var ca: String?
  /// The file of the certificate that the server is shown.
  public var cert: String?
  /// The file of that certificate's key.
  public var key: String?
  /// The name that the server's certificate is checked for.
  public var serverName: String?
  /// The datacenters in which workloads run; none for all.
  public var datacenters: StringSet = []
  /// The pool of nodes in which workloads run; `nil` for the cluster's own.
  public var nodePool: String?
  /// What services are run with.
  public var driver = NomadDriver.docker
  /// What keeps the names of services; `nil` for Nomad itself, where the server does.
  public var services: NomadRegistry?
  /// How many MHz of Nomad's a core of a spec is.
  public var coreMHz = 1000

  /// The cluster that the program `nomad` means, too.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadTarget>(
    "nomad target",
    "A Nomad cluster. What is not stated is found as the program `nomad` finds it: by `NOMAD_ADDR`, `NOMAD_TOKEN` and the like.",
    synonyms: [
      "host": "address", "url": "address", "ca_file": "ca", "cert_file": "cert", "key_file": "key",
      "datacenter": "datacenters", "node_pool": "nodePool", "tlsServerName": "serverName",
    ],
    fields: [
      Field(
        "address", \.address,
        "the address of a server or client, such as `https://nomad.example.com:4646`; without it, that of `NOMAD_ADDR`",
        rules: [.notEmpty]),
      Field(
        "token", \.token,
        "the secret that holds the token, as specs name secrets: `env:NAME`, `file:PATH` or a key of the vault; without it, `NOMAD_TOKEN`",
        rules: [.notEmpty]),
      Field(
        "ca", \.ca, "the file of the authority that the server's certificate is checked by",
        rules: [.notEmpty]),
      Field("cert", \.cert, "the file of the certificate that the server is shown", rules: [.notEmpty]),
      Field("key", \.key, "the file of that certificate's key", rules: [.notEmpty]),
      Field(
        "serverName", \.serverName,
        "the name that the server's certificate is checked for; without it, that of the address",
        rules: [.notEmpty]),
      Field(
        "datacenters", \.datacenters,
        "the datacenters in which workloads run; without it, any, and before Nomad 1.5 `dc1`"),
      Field(
        "nodePool", \.nodePool,
        "the pool of nodes in which workloads run, from Nomad 1.6 on; without it, `default`",
        rules: [.notEmpty]),
      Field("driver", \.driver, "what the clients run services with"),
      Field(
        "services", \.services,
        "what keeps the names and checks of services; without it, Nomad itself, and before Nomad 1.3 nothing"),
      Field(
        "coreMHz", \.coreMHz,
        "how many MHz of a node a core of a spec is: Nomad counts processor time in MHz",
        rules: [.range(100...100_000)]),
    ])
}
