import Values

/// Where a container that berth makes of a compose file is meant to differ from the one that compose makes.
enum ExplainedDifference {
  /// Fields that tell containers apart, or what happens to them.
  private static let own: Set<String> = [
    "Id", "Created", "State", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath", "Name", "GraphDriver",
    "NetworkSettings", "Mounts", "Storage",
  ]

  /// Fields that differ for a reason.
  private static let reasons: [String: String] = [
    "Config.AttachStdout": "compose looks at what it starts",
    "Config.AttachStderr": "compose looks at what it starts",
    "Config.Labels": "each has stamps of its own; what the file says is compared by itself",
    "HostConfig.NetworkMode": "each has a network of its own; modes are compared by themselves",
    "HostConfig.Binds": "berth mounts by `Mounts`, compared by what is mounted",
    "HostConfig.Mounts": "compared by what is mounted",
    "HostConfig.Tmpfs": "berth mounts by `Mounts`, compared by what is mounted",
  ]

  /// The differences that nothing explains, a line each.
  static func unexplained(between compose: Value, and berth: Value, named keys: String) -> [String] {
    let (left, right) = (facts(of: compose, keys), facts(of: berth, keys))
    return Set(left.keys).union(right.keys).sorted().compactMap { name in
      left[name] == right[name]
        ? nil : "\(name): compose \(left[name] ?? "nothing"), berth \(right[name] ?? "nothing")"
    }
  }

  private static func facts(of container: Value, _ keys: String) -> [String: String] {
    var facts: [String: String] = [:]
    for member in container.members ?? [] where !own.contains(member.key) {
      add(member.value, member.key, &facts)
    }
    // Without one, an engine calls a container by its id.
    if !keys.contains("hostname:"), !keys.contains("network_mode: host") { facts["Config.Hostname"] = nil }
    // Compose leaves it to the engine, which has the same.
    facts["Config.StopTimeout"] = facts["Config.StopTimeout"] ?? "10"
    // berth starts nothing again that was stopped by hand, with either word.
    let restart = facts["HostConfig.RestartPolicy.Name"] ?? "no"
    facts["HostConfig.RestartPolicy.Name"] = restart == "always" ? "unless-stopped" : restart
    // Without a limit of its own, an engine lets compose's swap out as much again; berth's swap nothing out.
    if keys.contains("memory:"), !keys.contains("memswap_limit") { facts["HostConfig.MemorySwap"] = nil }
    for mode in ["host", "none"] where container["HostConfig"]?["NetworkMode"]?.string == mode {
      facts["network"] = mode
    }
    for label in container["Config"]?["Labels"]?.members ?? []
    where !label.key.hasPrefix("com.docker.compose.") && !label.key.hasPrefix("berth.") {
      facts["label.\(label.key)"] = label.value.string
    }
    for mount in container["Mounts"]?.list ?? [] { addMount(mount, container, &facts) }
    for (path, options) in container["HostConfig"]?["Tmpfs"]?.members?.map({ ($0.key, $0.value.string ?? "") }
    ) ?? [] {
      facts["mount.\(path)"] = options == "size=1m,mode=1700" ? "tmpfs 1048576 \(0o1700)" : "tmpfs \(options)"
    }
    return facts
  }

  /// What is mounted: a volume's name is each one's own.
  private static func addMount(_ mount: Value, _ container: Value, _ facts: inout [String: String]) {
    let path = mount["Destination"]?.string ?? ""
    var text = mount["Type"]?.string ?? ""
    if text == "bind" { text += " \(mount["Source"]?.string ?? "")" }
    if text == "tmpfs" {
      let stated = container["HostConfig"]?["Mounts"]?.list?.first { $0["Target"]?.string == path }
      let options = stated?["TmpfsOptions"]
      text += " \(options?["SizeBytes"]?.int ?? 0) \(options?["Mode"]?.int ?? 0)"
    } else if mount["RW"]?.bool == false {
      text += " read-only"
    }
    facts["mount.\(path)"] = text
  }

  private static func add(_ value: Value, _ name: String, _ facts: inout [String: String]) {
    guard reasons[name] == nil else { return }
    switch value {
    case .map(let members): for member in members { add(member.value, "\(name).\(member.key)", &facts) }
    case .list(let elements): addList(elements, name, &facts)
    case .null, .bool(false), .int(0), .string(""): break
    case .string(let text): facts[name] = text
    case .int(let number): facts[name] = "\(number)"
    default: facts[name] = "\(value)"
    }
  }

  private static func addList(_ elements: [Value], _ name: String, _ facts: inout [String: String]) {
    var texts = elements.map { $0.string ?? CanonicalJSON.compact($0) }
    switch name {
    // berth tells each service where it is, and which ports it has.
    case "Config.Env":
      texts = texts.filter { !$0.hasPrefix("BERTH_") && !$0.hasPrefix("PORT=") && !$0.hasPrefix("PORT_") }
        .sorted()
    // Engines take these names in both forms.
    case "HostConfig.CapAdd", "HostConfig.CapDrop":
      texts = texts.map { $0.uppercased().replacing("CAP_", with: "") }.sorted()
    case "HostConfig.SecurityOpt":
      texts = texts.map { $0.replacing("privileges:true", with: "privileges") }.sorted()
    case "HostConfig.Ulimits", "HostConfig.ExtraHosts": texts.sort()
    default: break
    }
    if !texts.isEmpty { facts[name] = texts.joined(separator: ", ") }
  }
}
