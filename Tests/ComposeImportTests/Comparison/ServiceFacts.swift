import Diagnostics
import SpecImport
import Values
import WorkloadSpec
import YAMLNodes

@testable import ComposeImport

/// What a service is to be, said in one way for compose and for a spec: a fact's name with its value.
struct ServiceFacts: Equatable {
  private(set) var facts: [String: String] = [:]

  subscript(name: String) -> String? {
    get { facts[name] }
    set { facts[name] = newValue }
  }

  /// What the two say differently, a line each.
  func differences(from other: ServiceFacts) -> [String] {
    Set(facts.keys).union(other.facts.keys).sorted().compactMap { name in
      facts[name] == other.facts[name]
        ? nil : "\(name): compose \(facts[name].debugDescription), spec \(other.facts[name].debugDescription)"
    }
  }

  fileprivate mutating func set(_ name: String, words: [String]) {
    if !words.isEmpty { facts[name] = words.map(\.debugDescription).joined(separator: " ") }
  }
}

// MARK: Compose

extension ServiceFacts {
  /// The facts of a service in what `docker compose config` prints.
  init(compose service: Value) {
    self["image"] = service["image"]?.string
    setCommand(service["entrypoint"], service["command"])
    for variable in service["environment"]?.members ?? [] {
      self["env.\(variable.key)"] = variable.value.string
    }
    for label in (service["labels"]?.members ?? []) + (service["annotations"]?.members ?? []) {
      self["annotation.\(label.key)"] = label.value.string
    }
    for port in service["ports"]?.list ?? [] {
      let published = port["published"]?.string ?? ""
      let name = "port.\(port["target"]?.int ?? 0)/\(port["protocol"]?.string ?? "tcp")"
      // A port of a service is published once, and that is told. A range of the host's ports, for one of the
      // container's, means any of them; 0 means any at all.
      if self[name] == nil {
        let number = published.contains("-") || published == "0" ? "" : published
        self[name] = "\(port["host_ip"]?.string ?? "*") \(number)"
      }
    }
    setProcess(service)
    setRights(service)
    setNetwork(service)
    for volume in service["volumes"]?.list ?? [] { setVolume(volume) }
    for text in service["tmpfs"]?.list ?? [] {
      let parts = (text.string ?? "").split(separator: ":", maxSplits: 1).map(String.init)
      let size = parts.dropFirst().first.flatMap { $0.hasPrefix("size=") ? String($0.dropFirst(5)) : nil }
      self["volume.\(parts[0])"] = "memory \(size.flatMap { ComposeAmount.bytes($0) } ?? 0)"
    }
    setLimits(service)
    setCheck(service["healthcheck"])
    let policy = service["deploy"]?["restart_policy"]?["condition"]?.string
    switch policy ?? service["restart"]?.string ?? "no" {
    case "always", "unless-stopped", "any": self["restart"] = "always"
    case let text where text.hasPrefix("on-failure"):
      self["restart"] = "on-failure"
      self["maxRestarts"] = text.split(separator: ":").dropFirst().first.map(String.init)
    default: self["restart"] = "never"
    }
    self["stopGrace"] = service["stop_grace_period"]?.string.flatMap { Self.milliseconds($0) }
    switch service["pull_policy"]?.string {
    case "always": self["pullPolicy"] = "always"
    case "never": self["pullPolicy"] = "never"
    case "missing", "if_not_present": self["pullPolicy"] = "missing"
    default: break
    }
    set("dependsOn", words: (service["depends_on"]?.members ?? []).map(\.key).sorted())
  }

  private mutating func setCommand(_ entry: Value?, _ command: Value?) {
    let words = { (value: Value?) in (value?.list ?? []).compactMap(\.string) }
    guard let list = entry?.list else { return set("args", words: words(command)) }
    // Engines take a single empty word for nothing.
    if list.isEmpty || list == [""] { return set("command", words: words(command)) }
    set("command", words: words(entry))
    set("args", words: words(command))
  }

  private mutating func setVolume(_ volume: Value) {
    let target = volume["target"]?.string ?? ""
    switch volume["type"]?.string {
    case "volume":
      self["volume.\(target)"] = "persistent \(volume["source"]?.string ?? "")\(Self.access(volume))"
    // A path of Windows is told to be lost.
    case "bind"
    where volume["source"]?.string.map { $0.contains("\\") || $0.lowercased().hasPrefix("c:") } == true: break
    case "bind": self["volume.\(target)"] = "bind \(volume["source"]?.string ?? "")\(Self.access(volume))"
    case "tmpfs":
      let size = volume["tmpfs"]?["size"]
      self["volume.\(target)"] = "memory \(size?.int ?? size?.string.flatMap { Int64($0) } ?? 0)"
    default: break
    }
  }

  private static func access(_ volume: Value) -> String { volume["read_only"]?.bool == true ? " ro" : "" }

  private mutating func setProcess(_ service: Value) {
    self["user"] = service["user"]?.string
    self["workingDir"] = service["working_dir"]?.string
    self["stopSignal"] = service["stop_signal"]?.string
    self["platform"] = service["platform"]?.string
    for (key, field) in [("init", "init"), ("tty", "tty"), ("stdin_open", "stdin")] {
      if service[key]?.bool == true { self[field] = "true" }
    }
    set("groups", words: (service["group_add"]?.list ?? []).compactMap(\.string).sorted())
    self["logging.driver"] = service["logging"]?["driver"]?.string
    for option in service["logging"]?["options"]?.members ?? [] {
      self["logging.\(option.key)"] = option.value.string
    }
  }

  private mutating func setRights(_ service: Value) {
    if service["read_only"]?.bool == true { self["security.readOnlyRoot"] = "true" }
    if service["privileged"]?.bool == true { self["security.privileged"] = "true" }
    for key in ["add", "drop"] {
      let names = (service["cap_\(key)"]?.list ?? []).compactMap(\.string)
      set("security.\(key)", words: Set(names.map { $0.replacing("CAP_", with: "") }).sorted())
    }
    set(
      "security.devices",
      words: (service["devices"]?.list ?? []).map { device in
        let source = device["source"]?.string ?? device.string ?? ""
        return "\(source) \(device["target"]?.string ?? source) \(device["permissions"]?.string ?? "rwm")"
      }.sorted())
    let options = (service["security_opt"]?.list ?? []).compactMap(\.string)
    set("security.selinux", words: options.filter { $0.hasPrefix("label:") }.map { String($0.dropFirst(6)) })
    for key in ["shm_size", "pids_limit", "mem_reservation", "oom_score_adj"] {
      let number = service[key].flatMap { $0.string ?? $0.int.map { "\($0)" } }
      if let number, number != "0" { self[key] = number }
    }
    self["cpuset"] = service["cpuset"]?.string
    for limit in service["ulimits"]?.members ?? [] {
      let soft = limit.value.int ?? limit.value["soft"]?.int ?? 0
      self["ulimit.\(limit.key)"] = "\(soft) \(limit.value["hard"]?.int ?? soft)"
    }
    if let shares = service["cpu_shares"]?.string ?? service["cpu_shares"]?.int.map({ "\($0)" }),
      shares != "0"
    {
      self["docker.cpuShares"] = shares
    }
    for (key, field) in [("ipc", "ipc"), ("pid", "pid"), ("domainname", "domainName")] {
      self["docker.\(field)"] = service[key]?.string
    }
  }

  private mutating func setNetwork(_ service: Value) {
    self["hostname"] = service["hostname"]?.string
    self["alias"] = service["container_name"]?.string
    set("dns", words: (service["dns"]?.list ?? []).compactMap(\.string))
    for setting in service["sysctls"]?.members ?? [] { self["sysctl.\(setting.key)"] = setting.value.string }
    for text in service["extra_hosts"]?.list ?? [] {
      let parts = (text.string ?? "").split(separator: "=", maxSplits: 1).map(String.init)
      self["host.\(parts[0])"] = parts.last
    }
  }

  private mutating func setLimits(_ service: Value) {
    let limits = service["deploy"]?["resources"]?["limits"]
    if let memory = (limits?["memory"] ?? service["mem_limit"])?.string, memory != "0" {
      self["memory"] = memory
    }
    if let cpus = limits?["cpus"] ?? service["cpus"], let text = Self.number(cpus),
      let amount = ComposeAmount.processors(text), amount > 0
    {
      self["cpu"] = "\(amount)"
    }
  }

  private static func number(_ value: Value) -> String? {
    switch value {
    case .string(let text): text
    case .int(let number): "\(number)"
    default: nil
    }
  }

  private mutating func setCheck(_ check: Value?) {
    guard let check else { return }
    let test = (check["test"]?.list ?? []).compactMap(\.string)
    if check["disable"]?.bool == true || test.first == "NONE" { return self["healthCheck"] = "disabled" }
    guard let kind = test.first else { return }
    let command = kind == "CMD" ? Array(test.dropFirst()) : ["/bin/sh", "-c"] + test.dropFirst()
    set("healthCheck", words: command)
    for key in ["interval", "timeout"] {
      let length = check[key]?.string.flatMap { Self.milliseconds($0) } ?? "0"
      self["healthCheck.\(key)"] = length == "0" ? "30000" : length
    }
    for (key, field) in [("start_period", "startPeriod"), ("start_interval", "startInterval")] {
      let length = check[key]?.string.flatMap { Self.milliseconds($0) } ?? "0"
      if length != "0" { self["healthCheck.\(field)"] = length }
    }
    let retries = check["retries"]?.int ?? 0
    self["healthCheck.retries"] = "\(retries == 0 ? 3 : retries)"
  }

  private static func milliseconds(_ text: String) -> String? {
    ComposeAmount.duration(text).map { "\($0.milliseconds)" }
  }
}

// MARK: Specs

extension ServiceFacts {
  /// The services of specs that were made with all variables filled in.
  static func services(of result: ImportResult) -> [String: ServiceFacts] {
    var services: [String: ServiceFacts] = [:]
    for workload in result.workloads {
      var ignored = Diagnostics()
      let file = SourceFile(name: workload.name, text: workload.text)
      for root in YAMLReader.read(file, into: &ignored).documents {
        for service in root["services"]?.elements ?? [] {
          services[service["name"]?.text ?? ""] = ServiceFacts(spec: service)
        }
      }
    }
    return services
  }

  private init(spec service: Node) {
    self["image"] = service["image"].map { Self.text($0) }
    for key in ["command", "args"] { set(key, words: (service[key]?.elements ?? []).map { Self.text($0) }) }
    for variable in service["env"]?.members ?? [] {
      self["env.\(variable.key.text)"] = Self.text(variable.value)
    }
    for note in service["annotations"]?.members ?? [] {
      self["annotation.\(note.key.text)"] = Self.text(note.value)
    }
    for port in service["ports"]?.elements ?? [] {
      self["port.\(port["container"]?.text ?? "")/\(port["protocol"]?.text ?? "tcp")"] =
        "\(port["address"]?.text ?? "*") \(port["host"]?.text ?? "")"
    }
    for volume in service["volumes"]?.elements ?? [] {
      let name = volume["name"]?.text ?? ""
      // What has no name in the compose file is named after its service.
      let isNamed = !name.hasPrefix((service["name"]?.text ?? "") + "-")
      let size = volume["size"].flatMap { ByteQuantity($0.text)?.bytes } ?? 0
      let access = volume["readOnly"] == nil ? "" : " ro"
      self["volume.\(volume["mountPath"].map { Self.text($0) } ?? "")"] =
        switch volume["type"]?.text {
        case "persistent": "persistent \(isNamed ? name : "")\(access)"
        case "bind": "bind \(volume["source"].map { Self.text($0) } ?? "")\(access)"
        case let type: "\(type ?? "ephemeral") \(size)"
        }
    }
    setFields(of: service)
    self["memory"] = service["resources"]?["memory"].flatMap { ByteQuantity($0.text).map { "\($0.bytes)" } }
    self["cpu"] = service["resources"]?["cpu"].flatMap { CPUQuantity($0.text).map { "\($0.millicores)" } }
    if let check = service["healthCheck"] {
      set("healthCheck", words: (check["command"]?.elements ?? []).map { Self.text($0) })
      if check["disabled"] != nil { self["healthCheck"] = "disabled" }
      for key in ["interval", "timeout", "startPeriod", "startInterval"] {
        self["healthCheck.\(key)"] = check[key].flatMap { SpecDuration($0.text) }.map { "\($0.milliseconds)" }
      }
      self["healthCheck.retries"] = check["retries"]?.text
    }
    self["restart"] = service["restart"]?.text ?? "always"
    self["maxRestarts"] = service["maxRestarts"]?.text
    self["stopGrace"] = service["stopGrace"].flatMap { SpecDuration($0.text) }.map { "\($0.milliseconds)" }
    self["pullPolicy"] = service["pullPolicy"]?.text
    set("dependsOn", words: (service["dependsOn"]?.elements ?? []).map(\.text).sorted())
  }

  /// What the language has further fields for.
  private mutating func setFields(of service: Node) {
    for key in ["user", "workingDir", "stopSignal", "platform", "init", "tty", "stdin", "hostname"] {
      self[key] = service[key].map { Self.text($0) }
    }
    set("groups", words: (service["groups"]?.elements ?? []).map { Self.text($0) }.sorted())
    let (security, resources, network) = (service["security"], service["resources"], service["network"])
    for key in ["readOnlyRoot", "privileged"] { self["security.\(key)"] = security?[key]?.text }
    for key in ["add", "drop"] {
      set("security.\(key)", words: (security?["capabilities"]?[key]?.elements ?? []).map(\.text).sorted())
    }
    set("security.selinux", words: (security?["selinux"]?.elements ?? []).map(\.text))
    set(
      "security.devices",
      words: (security?["devices"]?.elements ?? []).map { device in
        let source = device["source"]?.text ?? ""
        return "\(source) \(device["path"]?.text ?? source) \(device["permissions"]?.text ?? "rwm")"
      }.sorted())
    self["logging.driver"] = service["logging"]?["driver"]?.text
    for option in service["logging"]?["options"]?.members ?? [] {
      self["logging.\(option.key.text)"] = Self.text(option.value)
    }
    self["shm_size"] = resources?["shm"].flatMap { ByteQuantity($0.text) }.map { "\($0.bytes)" }
    self["mem_reservation"] = resources?["reservations"]?["memory"].flatMap { ByteQuantity($0.text) }
      .map { "\($0.bytes)" }
    self["pids_limit"] = resources?["pids"]?.text
    self["oom_score_adj"] = resources?["oomScore"]?.text
    self["cpuset"] = resources?["cpuset"]?.text
    for limit in resources?["ulimits"]?.elements ?? [] {
      let soft = limit["soft"]?.text ?? ""
      self["ulimit.\(limit["name"]?.text ?? "")"] = "\(soft) \(limit["hard"]?.text ?? soft)"
    }
    for field in service["on"]?["docker"]?.members ?? [] {
      self["docker.\(field.key.text)"] = field.value.text
    }
    self["alias"] = network?["aliases"]?.elements.first?.text
    set("dns", words: (network?["dns"]?["servers"]?.elements ?? []).map(\.text))
    for setting in network?["sysctls"]?.members ?? [] {
      self["sysctl.\(setting.key.text)"] = setting.value.text
    }
    for host in network?["extraHosts"]?.members ?? [] { self["host.\(host.key.text)"] = host.value.text }
  }

  /// A text as it is: a spec writes a `${` that is no variable with two `$`.
  private static func text(_ node: Node) -> String { node.text.replacing("$${", with: "${") }
}
