import WorkloadSpec

/// What only Docker knows.
public enum DockerFields {
  /// Its fields, by the places at which they may stand under `on`.
  public static let all = EngineFields(DockerProvider.name, DockerService.self, DockerVolume.self)
}

/// What only Docker knows of a service.
public struct DockerService: EngineObject {
  /// The domain of its container's own name.
  public var domainName: String?
  /// The weight of its container when processors are short.
  public var cpuShares: Int?

  /// Nothing stated.
  public init() {}

  /// Docker.
  public static let engine = DockerProvider.name
  /// A service.
  public static let place = EnginePlace.service
  /// The statement of its fields.
  public static let schema = ObjectSchema<DockerService>(
    "docker service", "What only Docker knows of a service.",
    synonyms: [
      "domainname": "domainName", "domain": "domainName", "cpu_shares": "cpuShares", "shares": "cpuShares",
    ],
    fields: [
      Field(
        "domainName", \.domainName, "the domain of its container's own name, as `hostname -d` tells it",
        impact: .replace, rules: [.domainName]),
      Field(
        "cpuShares", \.cpuShares,
        "the weight of its container against others when processors are short; engines give 1024 to each",
        impact: .inPlace, rules: [.range(2...262_144)]),
    ])
}

/// What only Docker knows of a volume.
public struct DockerVolume: EngineObject {
  /// Whether an empty volume stays empty.
  public var noCopy = false

  /// Nothing stated.
  public init() {}

  /// Docker.
  public static let engine = DockerProvider.name
  /// A volume.
  public static let place = EnginePlace.volume
  /// The statement of its fields.
  public static let schema = ObjectSchema<DockerVolume>(
    "docker volume", "What only Docker knows of a volume.", synonyms: ["nocopy": "noCopy"],
    fields: [
      Field(
        "noCopy", \.noCopy,
        "whether an empty volume stays empty, and is not filled with what the image has at its path",
        impact: .replace)
    ])
}

extension Rule where Subject == String {
  /// A domain name.
  fileprivate static let domainName = Rule(
    "a domain name: DNS labels with dots between them, 253 characters at most",
    schema: [
      .init("pattern", #"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"#)
    ],
    code: .badName
  ) { name in
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard name.utf8.count <= 253, labels.allSatisfy({ DNSLabel.isValid(String($0)) }) else {
      return RuleProblem("`\(name)` is not a domain name", help: "write it as in `shop.example.com`")
    }
    return nil
  }
}
