/// What a service may do to the machine that it runs on, and what it is kept from.
public struct Security: SpecObject {
  /// Whether its own file system can't be written to.
  @Flagged public var readOnlyRoot = false
  /// Whether it may do all that the machine's administrator may.
  @Flagged public var privileged = false
  /// Whether its processes can never get more rights than they start with.
  @Flagged public var noNewPrivileges = false
  /// The rights of its processes, apart from those that an engine gives by itself.
  @Sparse public var capabilities: Capabilities
  /// The filter of its system calls.
  public var seccomp: String?
  /// The profile of AppArmor that it runs under.
  public var apparmor: String?
  /// The parts of its label for SELinux.
  public var selinux: StringSet = []
  /// The devices of the machine that it sees.
  public var devices: [Device] = []

  /// Nothing but what an engine gives by itself.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<Security>(
    "security", plural: "security",
    "What a service may do to the machine that it runs on, and what it is kept from.",
    synonyms: [
      "read_only": "readOnlyRoot", "readOnlyRootFilesystem": "readOnlyRoot", "readOnly": "readOnlyRoot",
      "no_new_privileges": "noNewPrivileges", "allowPrivilegeEscalation": "noNewPrivileges",
      "caps": "capabilities", "seccompProfile": "seccomp", "appArmorProfile": "apparmor",
      "seLinuxOptions": "selinux",
    ],
    fields: [
      Field("readOnlyRoot", \.$readOnlyRoot, "whether its own file system can't be written to"),
      Field("privileged", \.$privileged, "whether it may do all that the machine's administrator may"),
      Field(
        "noNewPrivileges", \.$noNewPrivileges,
        "whether its processes can never get more rights than they start with"),
      Field(
        "capabilities", \.$capabilities,
        "the rights of its processes, apart from those that an engine gives by itself"),
      Field(
        "seccomp", \.seccomp,
        "the filter of its system calls: `unconfined`, or a filter as JSON; without it, the engine's own",
        rules: [.notEmpty]),
      Field(
        "apparmor", \.apparmor, "the profile of AppArmor that it runs under; without it, the engine's own",
        rules: [.notEmpty]),
      Field("selinux", \.selinux, "the parts of its label for SELinux, such as `type:container_t`"),
      Field("devices", \.devices, "the devices of the machine that it sees"),
    ])
}

/// Rights of processes (capabilities(7)) that are added to those that an engine gives, or taken from them.
public struct Capabilities: SpecObject {
  /// Those that are added.
  public var add: StringSet = []
  /// Those that are taken away; `ALL` takes all that are not added.
  public var drop: StringSet = []

  /// No more and no less than an engine gives by itself.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<Capabilities>(
    "capabilities", plural: "capabilities",
    "Rights of processes that are added to those that an engine gives, or taken from them.",
    synonyms: ["cap_add": "add", "cap_drop": "drop"],
    fields: [
      Field("add", \.add, "those that are added", rules: [.capabilities]),
      Field(
        "drop", \.drop, "those that are taken away; `ALL` takes all that are not added",
        rules: [.capabilities]),
    ])
}

/// A device of the machine that a service sees.
public struct Device: SpecElement {
  /// Its path on the machine.
  public var source = ""
  /// Where the service sees it; `nil` for the same path.
  public var path: String?
  /// What may be done with it.
  public var permissions = DevicePermissions.readWriteMake

  /// A device with nothing set.
  public init() {}

  /// Told apart by its path on the machine.
  public static let identityFields = ["source"]
  /// Its path on the machine.
  public var identity: String { source }

  /// The statement of its fields.
  public static let schema = ObjectSchema<Device>(
    "device", "A device of the machine that a service sees.",
    synonyms: ["host": "source", "target": "path", "PathOnHost": "source", "PathInContainer": "path"],
    shorthand: { "{source: \($0)}" },
    fields: [
      Field(
        "source", \.source, "its path on the machine; of a folder, all that are in it", required: true,
        rules: [.absolutePath]),
      Field(
        "path", \.path, "where the service sees it; without it, at the same path", rules: [.absolutePath]),
      Field(
        "permissions", \.permissions, "what may be done with it: read (`r`), write (`w`), make (`m`)"),
    ])
}

/// What may be done with a device.
public enum DevicePermissions: String, SpecChoice {
  /// Read, write, and make such devices.
  case readWriteMake = "rwm"
  /// The service may read from the device and write to it.
  case readWrite = "rw"
  /// The service may read from the device.
  case read = "r"
  /// The service may write to the device.
  case write = "w"
  /// Read, and make such devices.
  case readMake = "rm"
  /// Write, and make such devices.
  case writeMake = "wm"
  /// Make such devices.
  case make = "m"
}

extension Rule where Subject == StringSet {
  /// Names of capabilities as capabilities(7) has them, without `CAP_`.
  static let capabilities = Rule(
    "names of capabilities without `CAP_`, such as `NET_ADMIN`, or `ALL`",
    schema: [.init("items", ["type": "string", "pattern": "^(?!CAP_)[A-Z][A-Z0-9_]*$"])], code: .badName,
    problems: { names in
      names.elements.compactMap { name in
        let upper = name.uppercased()
        let plain = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        let isName =
          name == plain && name.utf8.first.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } == true
          && name.utf8.allSatisfy {
            ($0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z")) || $0 == UInt8(ascii: "_")
              || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
          }
        guard !isName else { return nil }
        return RuleProblem(
          "`\(name)` is not a name of a capability",
          help: plain.isEmpty ? "write it as in `NET_ADMIN`" : "was `\(plain)` meant?")
      }
    })
}
