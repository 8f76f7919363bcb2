import ProviderContract

/// Makes up projects: a compose file, perhaps one that is merged over it, and an environment file. What they say is
/// mostly what compose takes, in every form that it may be written in.
struct ComposeFileMaker {
  private var text: RandomText

  init(_ numbers: SplitMix64) { text = RandomText(numbers: numbers) }

  /// The files of a project, by name: `compose.yaml` first.
  mutating func project() -> [(name: String, text: String)] {
    let names = Array(["web", "db", "job", "cache"].prefix(text.number(1...4)))
    var files = [(name: "compose.yaml", text: file(names, isOverride: false))]
    while text.chance(2), files.count < 3 {
      files.append(("over\(files.count).yaml", file(text.some(names) + [names[0]], isOverride: true)))
    }
    return files
  }

  private mutating func file(_ names: [String], isOverride: Bool) -> String {
    var file = "services:\n"
    for (index, name) in Array(Set(names)).sorted().enumerated() {
      // A service may wait for one that is listed before it, so that there is no circle.
      let others = Array(Array(Set(names)).sorted()[..<index])
      file += "  \(name): {\(keys(name, others, isOverride).joined(separator: ", "))}\n"
    }
    if isOverride { return file }
    return file + "volumes: {data: , logs: {}, \"x-1\": }\n"
      + "configs: {settings: {content: \"a $$b ${OUTER}\"}}\nsecrets: {token: {environment: TOKEN}}\n"
  }

  private mutating func keys(_ name: String, _ others: [String], _ isOverride: Bool) -> [String] {
    var keys =
      isOverride && !text.chance(4)
      ? [] : ["image: \(text.pick(["shop/\(name):1", "\"shop/\(name):${TAG:-2}\"", "busybox"]))"]
    var makers: [(inout ComposeFileMaker) -> String?] = [
      { $0.command("command", isOverride) }, { $0.command("entrypoint", isOverride) },
      { $0.environment(isOverride) },
      { $0.ports(name) }, { $0.volumes() }, { $0.temporary() }, { $0.labels() }, { $0.limits() },
      { $0.check(isOverride) },
      { $0.scalar() }, { $0.lost() }, { $0.grants() },
    ]
    if !others.isEmpty { makers.append { $0.dependencies(others) } }
    for maker in text.some(makers, oneIn: 3) {
      if let key = maker(&self) { keys.append(key) }
    }
    if isOverride, text.chance(5) {
      keys.append(
        text.pick([
          "ports: !reset []", "environment: !reset {}", "labels: !override {only: this}",
          "volumes: !override [/only]",
        ]))
    }
    // A key that two makers wrote would stand twice.
    var seen: Set<String> = []
    return keys.filter { seen.insert(String($0.prefix { $0 != ":" })).inserted }
  }

  // MARK: Keys

  private mutating func value() -> String {
    let inner = text.joined(0...4) { text in
      text.chance(3)
        ? text.variable(of: ["OUTER", "TAG", "NOWHERE"])
        : text.pick(["a", " ", "b c", "$", "#", "'", "é", "e\u{301}", "|", "=", "//", "{", "}", "\\n", "%"])
    }
    return "\"\(inner.replacing("\"", with: "'").replacing("\\", with: "\\\\"))\""
  }

  private mutating func command(_ key: String, _ isOverride: Bool) -> String {
    switch text.number(0...6) {
    case 0: return "\(key):\(isOverride ? "" : " []")"
    case 1...3: return "\(key): [\((0..<text.number(1...3)).map { _ in value() }.joined(separator: ", "))]"
    default:
      let words = text.joined(1...5) { text in
        text.pick([
          "run", " -x ", " 'a b' ", " \\\"c d\\\" ", " $$(date +%s) ", " $1 ", " a$ ", " ", " --p=${OUTER} ",
          " `id` ", " \\\\t ", " 2>&1", "; x", " é ",
        ])
      }
      return "\(key): \"\(words)\""
    }
  }

  private mutating func environment(_ isOverride: Bool) -> String {
    let names = text.some(["A", "B", "C", "TOKEN", "OUTER", "NOWHERE", "d.e"])
    let plain = [
      "1", "1.10", "010", "true", "yes", "null", "2024-01-01", "~", "1e3", "a b", "'single ''q'''", "",
    ]
    let pairs = names.map { name in (name, text.chance(2) ? value() : text.pick(plain)) }
    if text.chance(2) {
      // Compose writes a number anew; what a text looks like in a list stays.
      return
        "environment: {\(pairs.map { "\($0.0): \(Self.isRewritten($0.1) ? "\"\($0.1)\"" : $0.1)" }.joined(separator: ", "))}"
    }
    return
      "environment: [\(pairs.map { name, value in value.hasPrefix("\"") ? "\"\(name)=\(value.dropFirst())" : "\"\(name)\"" }.joined(separator: ", "))]"
  }

  private static func isRewritten(_ text: String) -> Bool {
    ["1.10", "010", "2024-01-01", "1e3"].contains(text)
  }

  private mutating func ports(_ name: String) -> String {
    let targets = text.some([80, 443, 8080, 9000]).map { target -> String in
      // No two services may want one port of the host.
      let published = 10_000 * (1 + (["web", "db", "job", "cache"].firstIndex(of: name) ?? 0)) + target
      switch text.number(0...7) {
      case 0: return "\(target)"
      case 1: return "\"\(published):\(target)\""
      case 2: return "\"\(published):\(target)/udp\""
      case 3: return "\"\(text.pick(["127.0.0.1", "[::1]", "0.0.0.0"])):\(published):\(target)\""
      case 4:
        return "{target: \(target), published: \"\(published)\", protocol: \(text.pick(["tcp", "udp"]))}"
      case 5: return "\"0:\(target)\""
      case 6: return "\"\(published)-\(published + 2):\(target)-\(target + 2)\""
      default: return "\"\(published)-\(published + 5):\(target)\""
      }
    }
    return "ports: [\(targets.joined(separator: ", "))]"
  }

  private mutating func volumes() -> String {
    let volumes = text.some(["data", "logs", "-", "bind", "memory", "windows"]).enumerated().map {
      index, kind -> String in
      let target = "/mnt/\(index)" + (text.chance(6) ? "/" : "")
      switch kind {
      case "data", "logs":
        return text.chance(2)
          ? "\"\(kind):\(target)\(text.pick(["", ":ro", ":rw", ":nocopy", ":ro,nocopy"]))\""
          : "{type: volume, source: \(kind), target: \(target), read_only: \(text.pick(["true", "false"]))}"
      case "-": return text.chance(2) ? target : "{type: volume, target: \(target)}"
      case "bind":
        return text.chance(3)
          ? "{type: bind, source: \(text.pick(["x", "./x/../y", "/srv/x"])), target: \(target), read_only: \(text.pick(["true", "false"]))}"
          : "\"\(text.pick(["./x", "/srv/x", "../x", "./${OUTER_EMPTY:-deep}/y", "${NOWHERE:-/srv}/z"])):\(target)\(text.pick(["", ":ro", ":rw", ":z", ":ro,rshared"]))\""
      case "memory":
        return
          "{type: tmpfs, target: \(target)\(text.pick(["", ", tmpfs: {size: 1048576}", ", tmpfs: {size: 0}"]))}"
      default: return "'\(text.pick(["C:\\x", "c:/x", "\\\\host\\share"])):\(target)'"
      }
    }
    return "volumes: [\(volumes.joined(separator: ", "))]"
  }

  private mutating func temporary() -> String {
    text.pick([
      "tmpfs: /tmp/a", "tmpfs: [/tmp/a, /tmp/b]", "tmpfs: [\"/tmp/a:size=64m\"]",
      "tmpfs: [\"/tmp/c:size=0\"]",
    ])
  }

  private mutating func labels() -> String {
    text.pick(["labels", "annotations"])
      + text.pick([": {a.b: x, c: \"1\"}", ": [\"a.b=y\", \"d\"]", ": {only: }", ": {e: \"${OUTER}\"}"])
  }

  private mutating func limits() -> String {
    text.pick([
      "mem_limit: 512m", "mem_limit: 0", "mem_limit: 1.5g", "mem_limit: 64000000", "cpus: 0.5", "cpus: 0",
      "cpus: \"1.25\"",
      "mem_limit: \"${LIMIT:-1gb}\"", "deploy: {resources: {limits: {cpus: \"0.25\", memory: 64M}}}",
      "deploy: {resources: {limits: {cpus: \"0\", memory: \"0\", pids: 0}}}",
      "deploy: {restart_policy: {condition: any}}",
      "deploy: {update_config: {delay: 10s, parallelism: 0}}", "deploy: {labels: {x: y}}",
      "mem_limit: much", "deploy: {update_config: {delay: \"10\"}}",
    ])
  }

  private mutating func check(_ isOverride: Bool) -> String {
    let length = ["5s", "1m30s", "0s", "1h", "500ms", "1.5s", "\"0\"", "\"5\"", "2us"]
    var parts =
      isOverride && text.chance(2)
      ? []
      : [
        "test: \(text.pick(["[CMD, true]", "[CMD-SHELL, \"test $$(id) = 1\"]", "\"curl -f x$\"", "[NONE]", "\"exit 0\""]))"
      ]
    for key in text.some(["interval", "timeout", "start_period", "start_interval"], oneIn: 3) {
      parts.append("\(key): \(text.pick(length))")
    }
    if text.chance(3) { parts.append("retries: \(text.pick(["0", "1", "5"]))") }
    if text.chance(9) { parts.append("disable: \(text.pick(["true", "false", "\"yes\"", "\"off\""]))") }
    return "healthcheck: {\(parts.joined(separator: ", "))}"
  }

  private mutating func scalar() -> String {
    text.pick([
      "stop_grace_period: 30s", "stop_grace_period: 0s", "stop_grace_period: 1m0.5s",
      "stop_grace_period: \"30\"",
      "restart: always", "restart: \"no\"", "restart: unless-stopped", "restart: on-failure",
      "restart: on-failure:3",
      "pull_policy: always", "pull_policy: if_not_present", "pull_policy: never",
      "stop_grace_period: ${GRACE:-7s}",
    ])
  }

  private mutating func grants() -> String {
    text.pick([
      "configs: [settings]", "configs: [{source: settings, target: /etc/s}]", "secrets: [token]",
      "secrets: [{source: token, target: other}]",
    ])
  }

  private mutating func dependencies(_ others: [String]) -> String {
    let names = text.some(others) + [others[0]]
    if text.chance(2) { return "depends_on: [\(Set(names).sorted().joined(separator: ", "))]" }
    let conditions = Set(names).sorted().map {
      "\($0): {condition: \(text.pick(["service_started", "service_healthy"]))\(text.pick(["", ", required: false", ", restart: true"]))}"
    }
    return "depends_on: {\(conditions.joined(separator: ", "))}"
  }

  private mutating func lost() -> String {
    text.pick([
      "user: \"1000:${OUTER_EMPTY:-100}\"", "cap_drop: [ALL, CAP_CHOWN]", "stdin_open: true", "cpuset: 0-1",
      "devices: [\"/dev/a:/dev/b:r\", \"/dev/c\"]", "devices: [{source: /dev/e, target: /dev/f}]",
      "ulimits: {nofile: {soft: 5, hard: 10}, nproc: 7}", "extra_hosts: {a: 1.2.3.4, b: \"::1\"}",
      "extra_hosts: [\"a=1.2.3.4\", \"b:host-gateway\"]", "sysctls: [\"net.core.somaxconn=5\"]",
      "dns: 1.1.1.1",
      "logging: {driver: json-file, options: {max-size: 10m, max-file: \"3\"}}", "mem_reservation: 64m",
      "oom_score_adj: -5",
      "security_opt: [\"no-new-privileges:true\", \"seccomp=unconfined\", \"label:type:x\"]",
      "privileged: true", "privileged: false", "user: \"1000\"", "cap_add: [NET_ADMIN]", "shm_size: 64m",
      "shm_size: 0",
      "pids_limit: 0", "pids_limit: 5", "memswap_limit: -1", "mem_reservation: 0", "ulimits: {nofile: 5}",
      "dns: [1.1.1.1]", "tty: true",
      "extra_hosts: [\"a:1.2.3.4\"]", "working_dir: /x", "init: true", "read_only: true",
      "logging: {driver: none}",
      "sysctls: {net.core.somaxconn: 1}", "hostname: other", "container_name: mine", "expose: [\"80\"]",
      "attach: false",
      "oom_score_adj: 0", "cpu_shares: 0", "cpu_shares: 5", "security_opt: [\"label:x\"]", "domainname: x",
      "stop_signal: SIGINT",
      "platform: linux/amd64", "group_add: [\"1\"]", "ipc: host", "pid: host", "x-mine: 1",
      "devices: [/dev/x]",
    ])
  }
}
