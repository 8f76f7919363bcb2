import WorkloadSpec

/// Merges a later file, or a service that extends another, over an earlier one by compose's rules: mappings by
/// key, lists one behind the other, and some keys in a way of their own.
enum ComposeMerge {
  /// How the value under a key is merged where it is not by its kind.
  private enum Rule {
    /// The later value counts alone.
    case replaced
    /// `NAME=value` lists are mappings, in which the later value counts, nothing at all too.
    case assignments
    /// Lists of names are mappings without values.
    case names
    /// Lists of names are mappings in which each says that the other service is to have started.
    case dependencies
    /// A text is a list of one; of what begins alike up to a `=`, the last counts.
    case texts
    /// A text is a list of one; of elements that name one path, the last counts.
    case paths
    /// Elements that say the same thing of the same thing: the later counts.
    case unique(@Sendable (ComposeNode) -> String)
  }

  private static let serviceRules: [String: Rule] = [
    "command": .replaced, "entrypoint": .replaced,
    "environment": .assignments, "labels": .assignments, "annotations": .assignments,
    "sysctls": .assignments, "extra_hosts": .assignments,
    "depends_on": .dependencies, "networks": .names,
    "dns": .texts, "dns_opt": .texts, "dns_search": .texts, "env_file": .paths, "expose": .texts,
    "tmpfs": .texts, "profiles": .texts, "links": .texts, "cap_add": .texts, "cap_drop": .texts,
    "ports": .unique(portKey), "volumes": .unique(volumeKey), "devices": .unique(deviceKey),
    "configs": .unique { grantKey($0, folder: "") },
    "secrets": .unique { grantKey($0, folder: "/run/secrets") },
  ]

  /// The later value over the earlier; `nil` if nothing is left.
  ///
  /// - Parameter path: the keys down to the value, from the top of the file.
  static func merge(_ base: ComposeNode, _ over: ComposeNode, at path: [String] = []) -> ComposeNode? {
    switch over.tag {
    case .reset: return nil
    case .override: return cleaned(over)
    case nil: break
    }
    switch rule(at: path) {
    case .replaced: return over.isNull ? nil : cleaned(over)
    case .assignments: return assigned(assignments(base), assignments(over))
    case .names: return byKey(names(base), names(over), path)
    case .dependencies: return byKey(dependencies(base), dependencies(over), path)
    case .texts, .paths: return unified(appended(texts(base), texts(over)), at: path)
    case .unique: return unified(appended(base, over), at: path)
    case nil: return byKind(base, over, path)
    }
  }

  /// A value in which nothing stands twice that compose takes once: the later counts, in the place of the first.
  static func unified(_ node: ComposeNode, at path: [String] = []) -> ComposeNode {
    switch rule(at: path) {
    case .texts:
      return unique(texts(node)) { $0.text?.split("=", maxSplits: 1).first?.resolved ?? textKey($0) }
    case .paths: return unique(texts(node)) { ($0["path"] ?? $0).text?.resolved ?? textKey($0) }
    case .unique(let key): return unique(node, by: key)
    default: break
    }
    guard path.count < 3, path.first ?? "services" == "services", let entries = node.entries else {
      return node
    }
    var copy = node
    copy.content = .map(
      entries.map { entry in
        var entry = entry
        entry.value = unified(entry.value, at: path + [entry.key])
        return entry
      })
    return copy
  }

  /// A value without what its tags take away: what a file says that no other goes before.
  static func cleaned(_ node: ComposeNode) -> ComposeNode? {
    if node.tag == .reset { return nil }
    switch node.content {
    case .list(let elements): return node.with(.list(elements.compactMap { cleaned($0) }))
    case .map(let entries):
      return node.with(
        .map(
          entries.compactMap { entry in
            cleaned(entry.value).map { ComposeEntry(key: entry.key, location: entry.location, value: $0) }
          }))
    case .null, .scalar:
      var copy = node.with(node.content)
      copy.isPlain = node.isPlain
      return copy
    }
  }

  private static func rule(at path: [String]) -> Rule? {
    guard path.first == "services" else { return nil }
    switch path.count {
    case 3: return serviceRules[path[2]]
    case 4:
      switch (path[2], path[3]) {
      case ("healthcheck", "test"): return .replaced
      case ("deploy", "labels"), ("build", "args"): return .assignments
      default: return nil
      }
    default: return nil
    }
  }

  private static func byKind(_ base: ComposeNode, _ over: ComposeNode, _ path: [String]) -> ComposeNode? {
    switch (base.content, over.content) {
    case (_, .null): base
    case (.map, .map): byKey(base, over, path)
    case (.list, .list): appended(base, over)
    default: cleaned(over)
    }
  }

  private static func byKey(_ base: ComposeNode, _ over: ComposeNode, _ path: [String]) -> ComposeNode? {
    guard let earlier = base.entries, let later = over.entries else { return byKind(base, over, []) }
    let indices = Dictionary(zip(earlier.map(\.key), earlier.indices)) { first, _ in first }
    var entries = earlier.map(Optional.some)
    for entry in later {
      let index = indices[entry.key]
      let value =
        index.map { merge(earlier[$0].value, entry.value, at: path + [entry.key]) } ?? cleaned(entry.value)
      let merged = value.map { ComposeEntry(key: entry.key, location: entry.location, value: $0) }
      if let index { entries[index] = merged } else { entries.append(merged) }
    }
    return over.with(.map(entries.compactMap(\.self)))
  }

  private static func assigned(_ base: ComposeNode, _ over: ComposeNode) -> ComposeNode? {
    guard let earlier = base.entries, let later = over.entries else { return byKind(base, over, []) }
    let indices = Dictionary(zip(earlier.map(\.key), earlier.indices)) { first, _ in first }
    var entries = earlier.map(Optional.some)
    for entry in later {
      let assigned = cleaned(entry.value).map {
        ComposeEntry(key: entry.key, location: entry.location, value: $0)
      }
      if let index = indices[entry.key] { entries[index] = assigned } else { entries.append(assigned) }
    }
    return over.with(.map(entries.compactMap(\.self)))
  }

  private static func appended(_ base: ComposeNode, _ over: ComposeNode) -> ComposeNode {
    guard let earlier = base.elements, let later = cleaned(over)?.elements else {
      return over.isNull ? base : over
    }
    return base.with(.list(earlier + later))
  }

  // MARK: Other ways to write a value

  /// `[NAME=value, OTHER]` as `{NAME: value, OTHER: }`.
  static func assignments(_ node: ComposeNode) -> ComposeNode {
    guard let elements = node.elements else { return node }
    var entries: [ComposeEntry] = []
    var indices: [String: Int] = [:]
    for element in elements {
      guard let text = element.text else { continue }
      let parts = text.split("=", maxSplits: 1)
      let value = element.with(parts.count > 1 ? .scalar(parts[1]) : .null)
      let entry = ComposeEntry(key: parts[0].resolved, location: element.location, value: value)
      if let index = indices[entry.key] {
        entries[index] = entry
      } else {
        indices[entry.key] = entries.count
        entries.append(entry)
      }
    }
    return copy(of: node, .map(entries))
  }

  /// `[a, b]` as `{a: , b: }`.
  static func names(_ node: ComposeNode) -> ComposeNode {
    guard let elements = node.elements else { return node }
    return copy(
      of: node,
      .map(
        elements.compactMap { element in
          element.text.map {
            ComposeEntry(key: $0.resolved, location: element.location, value: element.with(.null))
          }
        }))
  }

  /// `[a, b]` as `{a: {condition: service_started}, b: {condition: service_started}}`.
  private static func dependencies(_ node: ComposeNode) -> ComposeNode {
    guard node.elements != nil, let entries = names(node).entries else { return node }
    return copy(
      of: node,
      .map(
        entries.map { entry in
          let condition = entry.value.with(.scalar(ComposeText("service_started")))
          let stated = ComposeEntry(key: "condition", location: entry.location, value: condition)
          return ComposeEntry(
            key: entry.key, location: entry.location, value: entry.value.with(.map([stated])))
        }))
  }

  /// `a` as `[a]`.
  static func texts(_ node: ComposeNode) -> ComposeNode {
    switch node.content {
    case .scalar, .map: copy(of: node, .list([node.with(node.content)]))
    case .list, .null: node
    }
  }

  private static func copy(of node: ComposeNode, _ content: ComposeNode.Content) -> ComposeNode {
    var copy = node
    copy.content = content
    return copy
  }

  // MARK: What tells elements apart

  private static func unique(_ node: ComposeNode, by key: (ComposeNode) -> String) -> ComposeNode {
    guard let elements = node.elements else { return node }
    var kept: [ComposeNode] = []
    var indices: [String: Int] = [:]
    for element in elements {
      let name = key(element)
      if let index = indices[name] {
        kept[index] = element
      } else {
        indices[name] = kept.count
        kept.append(element)
      }
    }
    return copy(of: node, .list(kept))
  }

  @Sendable private static func portKey(_ node: ComposeNode) -> String {
    guard let target = node["target"]?.text?.resolved else { return textKey(node) }
    var key = target
    if let published = node["published"]?.text?.resolved { key = "\(published):\(key)" }
    if let host = node["host_ip"]?.text?.resolved { key = "\(host):\(key)" }
    if let transport = node["protocol"]?.text?.resolved, transport != "tcp" { key += "/\(transport)" }
    return key
  }

  /// Where a volume is seen.
  @Sendable private static func volumeKey(_ node: ComposeNode) -> String {
    let target = node.text.map { VolumeText($0.resolved)?.target } ?? node["target"]?.text?.resolved
    guard let target else { return textKey(node) }
    return target.hasPrefix("/") ? FilePath.resolve(target, in: "") : target
  }

  /// Where a device is seen.
  @Sendable private static func deviceKey(_ node: ComposeNode) -> String {
    let parts = node.text?.split(":").prefix(2)
    return parts?.last?.resolved ?? node["target"]?.text?.resolved ?? textKey(node)
  }

  /// Where a config or a secret is seen.
  private static func grantKey(_ node: ComposeNode, folder: String) -> String {
    if let target = node["target"]?.text { return target.resolved }
    return (node.text ?? node["source"]?.text).map { "\(folder)/\($0.resolved)" } ?? textKey(node)
  }

  /// A text that stands for a whole element.
  private static func textKey(_ node: ComposeNode) -> String {
    switch node.content {
    case .null: ""
    case .scalar(let text): text.resolved
    case .list(let elements): "[\(elements.map(textKey).joined(separator: ","))]"
    case .map(let entries): "{\(entries.map { "\($0.key):\(textKey($0.value))" }.joined(separator: ","))}"
    }
  }
}
