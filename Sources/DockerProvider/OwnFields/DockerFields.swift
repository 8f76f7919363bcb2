import ProviderKit
import WorkloadSpec

/// What only Docker knows.
public enum DockerFields {
  /// Its fields, by the places at which they may stand under `on`.
  public static let all = EngineFields(DockerProvider.name, DockerService.self, DockerVolume.self)

  /// The permissions that a service needs by them, each with the path of the field that needs it.
  public static func permissions(of service: Service) -> [(permission: Permission, field: String)] {
    service.on[DockerService.self].permissions
  }
}

/// What only Docker knows of a service.
public struct DockerService: EngineObject {
  /// The domain of its container's own name.
  public var domainName: String?
  /// The weight of its container when processors are short.
  public var cpuShares: Int?
  /// With whom it shares memory.
  public var ipc: String?
  /// Whose processes it sees.
  public var pid: String?
  /// Whose host name it has.
  public var uts: String?
  /// Whose users it has.
  public var userns: String?
  /// Whose control groups it sees.
  public var cgroupns: String?
  /// The control group in which its own is made.
  public var cgroupParent: String?
  /// Its hardware address in the network of its instance.
  public var macAddress: String?
  /// Options of the storage driver.
  public var storage = StringMap()
  /// Rules of the control group of devices.
  public var deviceRules: [String] = []
  /// How gladly its memory is swapped out.
  public var swappiness: Int?
  /// Its weight when disks are busy.
  public var blockWeight: Int?
  /// Whether it is not ended when its own memory runs out.
  @Flagged public var oomKillDisabled = false

  public init() {}

  /// The permissions that these fields need.
  var permissions: [(permission: Permission, field: String)] {
    var needed: [(Permission, String)] = []
    let namespaces = [("ipc", ipc), ("pid", pid), ("uts", uts), ("userns", userns), ("cgroupns", cgroupns)]
    for (field, mode) in namespaces {
      guard let mode, mode == "host" || mode.hasPrefix("container:") else { continue }
      needed.append((.hostNamespaces, "on.docker.\(field)"))
    }
    if cgroupParent != nil { needed.append((.hostNamespaces, "on.docker.cgroupParent")) }
    if !deviceRules.isEmpty { needed.append((.devices, "on.docker.deviceRules")) }
    return needed
  }

  /// The key that the block has under `on`: `docker`.
  public static let engine = DockerProvider.name
  /// The block stands under `on` of a service.
  public static let place = EnginePlace.service
  /// The statement of its fields.
  public static let schema = ObjectSchema<DockerService>(
    "docker service", "What only Docker knows of a service.",
    synonyms: [
      "domainname": "domainName", "domain": "domainName", "cpu_shares": "cpuShares", "shares": "cpuShares",
      "ipc_mode": "ipc", "pid_mode": "pid", "userns_mode": "userns", "cgroup": "cgroupns",
      "cgroup_parent": "cgroupParent", "mac_address": "macAddress", "storage_opt": "storage",
      "device_cgroup_rules": "deviceRules", "mem_swappiness": "swappiness",
      "oom_kill_disable": "oomKillDisabled",
    ],
    fields: [
      Field(
        "domainName", \.domainName, "the domain of its container's own name, as `hostname -d` tells it",
        impact: .replace, rules: [.domainName]),
      Field(
        "cpuShares", \.cpuShares,
        "the weight of its container against others when processors are short; engines give 1024 to each",
        impact: .inPlace, rules: [.range(2...262_144)]),
      Field(
        "ipc", \.ipc,
        "with whom it shares memory: `none`, `private`, `shareable`, `host` or `container:NAME`",
        impact: .replace, rules: [.notEmpty]),
      Field(
        "pid", \.pid, "whose processes it sees besides its own: `host` or `container:NAME`", impact: .replace,
        rules: [.notEmpty]),
      Field("uts", \.uts, "whose host name it has: `host`", impact: .replace, rules: [.notEmpty]),
      Field(
        "userns", \.userns, "whose users it has: `host` for the machine's", impact: .replace,
        rules: [.notEmpty]),
      Field(
        "cgroupns", \.cgroupns, "whose control groups it sees: `private` or `host`", impact: .replace,
        rules: [.notEmpty]),
      Field(
        "cgroupParent", \.cgroupParent, "the control group in which its own is made", impact: .replace,
        rules: [.notEmpty]),
      Field(
        "macAddress", \.macAddress, "its hardware address in the network of its instance", impact: .replace,
        rules: [.macAddress]),
      Field("storage", \.storage, "options of the storage driver, such as `size`", impact: .replace),
      Field(
        "deviceRules", \.deviceRules, "rules of the control group of devices, such as `c 13:* rmw`",
        impact: .replace),
      Field(
        "swappiness", \.swappiness, "how gladly its memory is swapped out, from 0 to 100", impact: .replace,
        rules: [.range(0...100)]),
      Field(
        "blockWeight", \.blockWeight, "its weight against others when disks are busy, from 10 to 1000",
        impact: .replace, rules: [.range(10...1000)]),
      Field(
        "oomKillDisabled", \.$oomKillDisabled,
        "whether it waits and is not ended when its own memory runs out",
        impact: .replace),
    ])
}

/// What only Docker knows of a volume.
public struct DockerVolume: EngineObject {
  /// Whether an empty volume stays empty.
  public var noCopy = false
  /// How mounts below a bind are shared with the machine.
  public var propagation: MountPropagation?

  public init() {}

  /// The key that the block has under `on`: `docker`.
  public static let engine = DockerProvider.name
  /// The block stands under `on` of a volume.
  public static let place = EnginePlace.volume
  /// The statement of its fields.
  public static let schema = ObjectSchema<DockerVolume>(
    "docker volume", "What only Docker knows of a volume.",
    synonyms: ["nocopy": "noCopy", "bind": "propagation"],
    fields: [
      Field(
        "noCopy", \.noCopy,
        "whether an empty volume stays empty, and is not filled with what the image has at its path",
        impact: .replace),
      Field(
        "propagation", \.propagation, "how mounts below a bind are shared with the machine", impact: .replace),
    ])
}

/// How mounts below a bind are shared with the machine (mount_namespaces(7)).
public enum MountPropagation: String, SpecChoice {
  /// Not at all, also those that are there already.
  case `private`
  /// Not at all.
  case rprivate
  /// Those of the machine are seen.
  case slave
  /// Those of the machine are seen, at every depth.
  case rslave
  /// In both directions.
  case shared
  /// In both directions, at every depth.
  case rshared
}

extension Rule where Subject == String {
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

  /// A hardware address.
  fileprivate static let macAddress = Rule(
    "a hardware address: six bytes in hexadecimal digits, with colons",
    schema: [.init("pattern", "^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$")], code: .badName
  ) { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts.allSatisfy({ $0.utf8.count == 2 && UInt8($0, radix: 16) != nil }) else {
      return RuleProblem("`\(text)` is not a hardware address", help: "write it as in `02:42:ac:11:00:02`")
    }
    return nil
  }
}
