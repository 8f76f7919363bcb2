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
  static let handlings: [String: Handling] = carried.merging(lost) { first, _ in first }

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
    "container_name": .read { $0.readOtherName($1) },
    "hostname": .read { $0.readOtherName($1) },
  ]

  private static let image = "build it into the image"
  private static let engine = "set it on the engine that runs the workload"
  private static let security = "let the image do without it; a spec can't ask the engine for special rights"
  private static let limits = "`resources` has limits of `cpu`, `memory`, `disk` and `gpu`"
  private static let quota = "write the limit as `cpu`: quota divided by period"
  private static let names = "services of a workload find each other by name; for others, use their address"

  private static let lost: [String: Handling] = [
    "user": .lost("\(image) with `USER`"),
    "working_dir": .lost("\(image) with `WORKDIR`, or let the command change the folder"),
    "group_add": .lost(security), "privileged": .lostIfTrue(security), "cap_add": .lost(security),
    "cap_drop": .lost("\(engine); a service has the engine's default capabilities"),
    "security_opt": .lost(engine), "userns_mode": .lost(engine), "credential_spec": .lost(engine),
    "read_only": .lostIfTrue("the file system of a service can be written to"),
    "devices": .lost("`resources: {gpu: 1}` gives graphics processors; other devices can't be given"),
    "device_cgroup_rules": .lost(security), "use_api_socket": .lostIfTrue(security),
    "tty": .lostIfTrue("`berth exec` opens a terminal in a running service"),
    "stdin_open": .lostIfTrue("`berth exec` opens a terminal in a running service"),
    "init": .lostIfTrue("\(image), for example tini as its entry point"),
    "stop_signal": .lost("\(image) with `STOPSIGNAL`"),
    "extra_hosts": .lost(names), "external_links": .lost(names), "domainname": .lost(names),
    "dns": .lost(engine), "dns_opt": .lost(engine), "dns_search": .lost(engine),
    "mac_address": .lost(engine),
    "logging": .lost("`berth logs` shows what a service prints; \(engine)"),
    "sysctls": .lost(engine), "ulimits": .lost(engine), "storage_opt": .lost(engine),
    "shm_size": .lostUnlessZero(
      "\(engine), or mount an ephemeral volume where the program takes another folder"),
    "pid": .lost("each service has process ids of its own"),
    "ipc": .lost("each service has shared memory of its own"),
    "uts": .lost(engine), "cgroup": .lost(engine), "cgroup_parent": .lost(engine),
    "runtime": .lost(engine), "isolation": .lost(engine),
    "platform": .lost("name an image, or its digest, that is built for the platform"),
    "mem_reservation": .lostUnlessZero(limits), "mem_swappiness": .lostUnlessZero(limits),
    "memswap_limit": .lostUnlessZero(limits), "oom_kill_disable": .lostIfTrue(limits),
    "oom_score_adj": .lostUnlessZero(limits), "pids_limit": .lostUnlessZero(limits),
    "blkio_config": .lost(limits), "cpu_count": .lostUnlessZero(limits),
    "cpu_percent": .lostUnlessZero(limits), "cpu_shares": .lostUnlessZero(limits),
    "cpu_quota": .lostUnlessZero(quota), "cpu_period": .lostUnlessZero(quota), "cpuset": .lost(limits),
    "cpu_rt_period": .lostUnlessZero(limits), "cpu_rt_runtime": .lostUnlessZero(limits),
    "develop": .lost("`docker compose watch` has no counterpart: apply the new image"),
    "label_file": .lost("write the labels out as `annotations`"),
    "models": .lost("run the model as a service of its own"),
    "provider": .lost("run what it provides as a service of its own"),
    "post_start": .lost("let the command do it before it starts the program"),
    "pre_stop": .lost("let the program do it when it is asked to stop"),
    "pull_refresh_after": .lost("`pullPolicy: always` pulls before every create"),
  ]
}
