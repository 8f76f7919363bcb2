import ProviderKit
import WorkloadSpec

/// The rows of how a process is run: by whom, with which rights and limits, and how it is connected.
extension LocalFields {
  // MARK: Who runs it

  /// The rows of the user and the name of the machine.
  static func process(_ facts: EngineFacts) -> [LocalRow] {
    [
      .told(
        "user", .replace,
        "the user of this machine by that name or number, to whom the service's root, files and new volumes belong"
      ) { $1.user = $0.conditions.user },
      .told("groups", .restart, "groups of this machine") { $1.groups = StringSet($0.conditions.groups) },
      .told(
        "hostname", .restart, unless: facts.obstacles["hostname"],
        "a host name that only the service's processes see",
        read: { $1.hostname = $0.conditions.hostname }, stamped: { $1.hostname = $0.stamped.hostname }),
    ]
  }

  // MARK: What it may do

  /// The rows of its rights.
  static func security(_ facts: EngineFacts) -> [LocalRow] {
    let addition = "security.capabilities.add"
    return [
      .told(
        "security.readOnlyRoot", .restart, unless: facts.obstacles["security.readOnlyRoot"],
        note:
          "makes read-only what lies in the service's own folder, apart from its volumes: the rest of the machine is as its user may use it",
        "the service's root folder, apart from volumes, is mounted read-only where only its instance sees it",
        read: { $1.security.readOnlyRoot = $0.conditions.readOnlyRoot },
        stamped: { $1.security.readOnlyRoot = $0.stamped.security.readOnlyRoot }),
      .refused(
        "security.privileged", .providerRefuses,
        because: "a process has the rights of its user: `user: root`, applied by root, is a privileged one"),
      .told(
        "security.noNewPrivileges", .restart, unless: facts.obstacles["security.noNewPrivileges"],
        "`PR_SET_NO_NEW_PRIVS`",
        read: { $1.security.noNewPrivileges = $0.conditions.noNewPrivileges },
        stamped: { $1.security.noNewPrivileges = $0.stamped.security.noNewPrivileges }),
      facts.obstacles[addition].map { .refused(addition, .missingRight, because: $0) }
        ?? .told(addition, .restart, "they are left, or given to a user who is not root") {
          $1.security.capabilities.add = StringSet($0.conditions.addedCapabilities)
        },
      .told(
        "security.capabilities.drop", .restart, unless: facts.obstacles["security.capabilities.drop"],
        "they are taken from what its processes can ever have",
        read: { $1.security.capabilities.drop = StringSet($0.conditions.droppedCapabilities) },
        stamped: { $1.security.capabilities.drop = $0.stamped.security.capabilities.drop }),
      .refused(
        "security.seccomp", .providerRefuses, because: "berth gives a process no filter of its system calls"),
      .refused(
        "security.apparmor", .providerRefuses,
        because: "a process runs under the profile that the machine has for its program"),
      .refused(
        "security.selinux", .providerRefuses,
        because: "a process has the label that the machine gives its program"),
      .byBerth(
        "security.devices.source", "a process sees the devices of the machine, as its user may use them"),
      .refused(
        "security.devices.path", .providerRefuses, because: "a process sees a device where the machine has it"
      ),
      .recorded(
        "security.devices.permissions", because: "what a process may do with a device is what its user may"
      ) { $1.security.devices = $0.stamped.security.devices },
    ]
  }

  // MARK: How it is connected

  static func network(_ facts: EngineFacts) -> [LocalRow] {
    let mode: LocalRow =
      facts.obstacles["network.mode"] == nil
      ? .told(
        "network.mode", .restart,
        "with `none`, a network of its own with nothing but a loopback; else the machine's"
      ) {
        $1.network = $0.stamped.network
        $1.network.mode = .init(spelledLike: $0.conditions.network)
      }
      : .byBerth("network.mode", "a process is in the machine's own network")
    return [
      mode,
      .recorded("network.aliases", because: "processes have no names") {
        let mode = $1.network.mode
        $1.network = $0.stamped.network
        if facts.obstacles["network.mode"] == nil { $1.network.mode = mode }
      },
    ]
      + [
        "extraHosts", "dns.servers", "dns.search", "dns.options",
      ].map { .recorded("network." + $0, because: "a process finds names as its machine does") } + [
        .recorded("network.sysctls", because: "a process has the settings of its machine")
      ]
      + ["join.name", "join.aliases", "join.address"].map {
        .recorded("network." + $0, because: "a process is in the machine's own network")
      }
  }

  // MARK: What it may use

  /// The rows of what control groups limit, apart from processor time and memory.
  static func groupLimits(_ facts: EngineFacts) -> [LocalRow] {
    [
      .told(
        "resources.pids", .inPlace, unless: facts.obstacles["resources.pids"], "the service's control group",
        read: { $1.resources.pids = $0.limits.pids.map { Int($0) } },
        stamped: { $1.resources.pids = $0.stamped.resources.pids }),
      .told(
        "resources.swap", .inPlace, unless: facts.obstacles["resources.swap"],
        "the service's control group; without it, as much as there is",
        read: { $1.resources.swap = $0.limits.swap.map { ByteQuantity(bytes: $0) } },
        stamped: { $1.resources.swap = $0.stamped.resources.swap }),
      .told(
        "resources.reservations.cpu", .inPlace, unless: facts.obstacles["resources.reservations.cpu"],
        "the weight of the service's control group beside others",
        read: { $1.resources.reservations.cpu = $0.limits.reservedCPU.map { CPUQuantity(millicores: $0) } },
        stamped: { $1.resources.reservations.cpu = $0.stamped.resources.reservations.cpu }),
      .told(
        "resources.reservations.memory", .inPlace, unless: facts.obstacles["resources.reservations.memory"],
        "what is taken from the service's control group last",
        read: { $1.resources.reservations.memory = $0.limits.reservedMemory.map { ByteQuantity(bytes: $0) } },
        stamped: { $1.resources.reservations.memory = $0.stamped.resources.reservations.memory }),
      .recorded("resources.shm", because: "processes share the memory of the machine in `/dev/shm`") {
        $1.resources.shm = $0.stamped.resources.shm
      },
    ]
  }

  /// The rows of what the kernel keeps for each process.
  static func processLimits(_ facts: EngineFacts) -> [LocalRow] {
    [
      .told(
        "resources.cpuset", .restart, unless: facts.obstacles["resources.cpuset"],
        "the processors that its processes start with (sched_setaffinity(2))",
        read: { $1.resources.cpuset = $0.conditions.cpuset },
        stamped: { $1.resources.cpuset = $0.stamped.resources.cpuset }),
      .told(
        "resources.oomScore", .restart, unless: facts.obstacles["resources.oomScore"],
        "`oom_score_adj` of its processes",
        read: { $1.resources.oomScore = $0.conditions.oomScore },
        stamped: { $1.resources.oomScore = $0.stamped.resources.oomScore }),
      .told("resources.ulimits.name", .restart, "each of its processes (setrlimit(2))") {
        $1.resources.ulimits = $0.conditions.ulimits.map { Ulimit($0) }
      },
      .told("resources.ulimits.soft", .restart, "what a process has at first"),
      .told("resources.ulimits.hard", .restart, "what a process can have at most"),
    ]
  }
}
