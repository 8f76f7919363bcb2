import WorkloadSpec

/// What becomes of each key of a service.
enum ServiceKeys {
  /// What becomes of a key.
  enum Handling: Sendable {
    /// It is carried over.
    case read(@Sendable (inout ServiceImport, ComposeEntry) -> Void)
    /// It is read together with another key, or before.
    case elsewhere
    /// It has no equivalent; what to do about that.
    case lost(String)
    /// It has no equivalent, but says nothing if it is `false`.
    case lostIfTrue(String)
    /// It has no equivalent, but says nothing if it is 0.
    case lostUnlessZero(String)
  }

  /// Keys that mean something with nothing behind them.
  static let takesNothing: Set<String> = ["command", "entrypoint"]

  /// Every key that compose knows.
  static let handlings: [String: Handling] = [carried, process, security, limits, network, lost].reduce(
    into: [:]) {
      $0.merge($1) { first, _ in first }
    }

  private static let carried: [String: Handling] = [
    "image": .elsewhere, "build": .elsewhere, "command": .elsewhere, "entrypoint": .elsewhere,
    "environment": .elsewhere, "env_file": .elsewhere,
    "profiles": .elsewhere, "extends": .elsewhere, "attach": .elsewhere, "expose": .elsewhere,
    "ports": .read { $0.readPorts($1.value) },
    "volumes": .read { $0.readVolumes($1.value) },
    "tmpfs": .read { $0.readTemporaryVolumes($1.value) },
    "configs": .read { $0.readConfigs($1.value) },
    "secrets": .read { $0.readSecrets($1.value) },
    "healthcheck": .read { $0.readHealthCheck($1.value) },
    "depends_on": .read { $0.readDependencies($1.value) },
    "links": .read { $0.readLinks($1.value) },
    "networks": .read { $0.readNetworks($1) },
    "network_mode": .read { $0.readNetworkMode($1) },
    "volumes_from": .read { $0.readVolumesFrom($1) },
    "deploy": .read { $0.readDeploy($1.value) },
    "scale": .read { $0.readReplicas($1.value, for: "scale") },
    "restart": .read { $0.readRestart($1.value) },
    "stop_grace_period": .read { service, entry in
      service.draft.stopGrace = service.duration(entry.value, for: "stop_grace_period")
    },
    "pull_policy": .read { $0.readPullPolicy($1.value) },
    "labels": .read { $0.readLabels($1.value, for: "labels") },
    "annotations": .read { $0.readLabels($1.value, for: "annotations") },
    "cpus": .read { $0.readProcessors($1.value, for: "cpus") },
    "mem_limit": .read { service, entry in
      // One of 0 takes no limit of `deploy` away.
      guard let bytes = service.bytes(entry.value, for: "mem_limit") else { return }
      service.draft.resources.memory = bytes
    },
    "gpus": .read { $0.readGraphics($1) },
    "label_file": .elsewhere, "provider": .elsewhere, "pre_start": .elsewhere,
    "memswap_limit": .elsewhere, "cpu_quota": .elsewhere, "cpu_period": .elsewhere,
    "develop": .read { service, entry in
      service.differs(
        "`develop` of `\(service.draft.composeName)` is for `docker compose watch`", at: entry.location,
        help: "apply the spec again when there is a new image")
    },
  ]

  /// How its program is run.
  private static let process: [String: Handling] = [
    "working_dir": .read { $0.state($1, as: "workingDir") },
    "user": .read { $0.readUser($1) },
    "group_add": .read { $0.stateList($1, as: "groups") },
    "stop_signal": .read { $0.readStopSignal($1) },
    "init": .read { $0.stateIfTrue($1, as: "init") },
    "tty": .read { $0.stateIfTrue($1, as: "tty") },
    "stdin_open": .read { $0.stateIfTrue($1, as: "stdin") },
    "platform": .read { $0.readPlatform($1) },
    "runtime": .read { $0.state($1, as: "runtime") },
    "logging": .read { $0.readLogging($1.value) },
    "storage_opt": .read { $0.stateMap($1, as: "on", "docker", "storage") },
  ]

  /// What it may do.
  private static let security: [String: Handling] = [
    "privileged": .read { $0.stateIfTrue($1, as: "security", "privileged") },
    "read_only": .read { $0.stateIfTrue($1, as: "security", "readOnlyRoot") },
    "cap_add": .read { $0.readCapabilities($1, as: "add") },
    "cap_drop": .read { $0.readCapabilities($1, as: "drop") },
    "security_opt": .read { $0.readSecurityOptions($1.value) },
    "devices": .read { $0.readDevices($1.value) },
    "device_cgroup_rules": .read { $0.stateList($1, as: "on", "docker", "deviceRules") },
    "userns_mode": .read { $0.readNamespace($1, as: "userns") },
    "pid": .read { $0.readNamespace($1, as: "pid") },
    "ipc": .read { $0.readNamespace($1, as: "ipc") },
    "uts": .read { $0.readNamespace($1, as: "uts") },
    "cgroup": .read { $0.readNamespace($1, as: "cgroupns") },
    "cgroup_parent": .read { $0.state($1, as: "on", "docker", "cgroupParent") },
  ]

  /// What it may use.
  private static let limits: [String: Handling] = [
    "pids_limit": .read { $0.readProcessLimit($1.value, for: "pids_limit") },
    "shm_size": .read { $0.readAmount($1, \.shm) },
    "mem_reservation": .read { $0.readAmount($1, \.reservations.memory) },
    "cpuset": .read { service, entry in
      service.draft.resources.cpuset = service.filled(entry.value, for: "cpuset").flatMap {
        $0.isEmpty ? nil : $0
      }
    },
    "oom_score_adj": .read { $0.readOutOfMemoryScore($1.value) },
    "ulimits": .read { $0.readLimits($1.value) },
    "blkio_config": .read { $0.readDiskLimits($1.value) },
    "cpu_shares": .read { $0.stateNumber($1, as: "cpuShares") },
    "mem_swappiness": .read { $0.stateNumber($1, as: "swappiness") },
    "oom_kill_disable": .read { $0.stateIfTrue($1, as: "on", "docker", "oomKillDisabled") },
  ]

  /// How it is connected.
  private static let network: [String: Handling] = [
    "container_name": .read { $0.readContainerName($1) },
    "hostname": .read { $0.readHostname($1) },
    "domainname": .read { $0.state($1, as: "on", "docker", "domainName") },
    "mac_address": .read { $0.readHardwareAddress($1) },
    "extra_hosts": .read { $0.readExtraHosts($1.value) },
    "dns": .read { $0.stateList($1, as: "network", "dns", "servers") },
    "dns_search": .read { $0.stateList($1, as: "network", "dns", "search") },
    "dns_opt": .read { $0.stateList($1, as: "network", "dns", "options") },
    "sysctls": .read { $0.stateMap($1, as: "network", "sysctls") },
  ]

  private static let time = "the engine shares time by `cpu` and by `on.docker.cpuShares`"

  private static let lost: [String: Handling] = [
    "credential_spec": .lost("it is for Windows"), "isolation": .lost("it is for Windows"),
    "cpu_count": .lostUnlessZero("it is for Windows"), "cpu_percent": .lostUnlessZero("it is for Windows"),
    "cpu_rt_period": .lostUnlessZero(time), "cpu_rt_runtime": .lostUnlessZero(time),
    "use_api_socket": .lostIfTrue("mount the engine's socket by a bind of `/var/run/docker.sock`"),
    "external_links": .lost("join a network that both are on, under `network.join`"),
    "umask": .lost("let the program set it when it starts"),
    "models": .lost("run the model as a service of its own"),
    "post_start": .lost("let the program do it when it starts, or run it by `berth exec` after an apply"),
    "pre_stop": .lost("let the program do it when it is asked to stop, within `stopGrace`"),
    "pull_refresh_after": .lost("`pullPolicy: always` pulls before every create"),
  ]
}
