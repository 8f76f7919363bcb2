import WorkloadSpec

extension ServiceImport {
  /// What the service waits for.
  mutating func readDependencies(_ node: ComposeNode) {
    for entry in ComposeMerge.names(node).entries ?? [] {
      let isRequired = entry.value["required"].map { ComposeBool.isTrue($0) } ?? true
      guard let target = resolved(entry, isRequired: isRequired) else { continue }
      reportUnread(
        of: entry.value, in: "depends_on", read: ["condition", "required"],
        lost: ["restart": "what a service depends on can be replaced without restarting it"])
      let written = entry.value["condition"]?.text?.resolved
      guard let condition = DependencyDraft.Condition(rawValue: written ?? "service_started") else {
        let known = DependencyDraft.Condition.allCases.map(\.rawValue)
        invalid(
          "`condition` can't be `\(written ?? "")`", at: entry.value["condition"]?.location ?? entry.location,
          help: Suggestion.help(for: written ?? "", among: known)
            ?? "it is one of \(known.map { "`\($0)`" }.joined(separator: ", "))")
        continue
      }
      draft.dependencies.append(
        DependencyDraft(composeName: target, condition: condition, location: entry.location))
    }
  }

  /// Links: an order, and a name that may be another one.
  mutating func readLinks(_ node: ComposeNode) {
    for (text, location) in texts(node, for: "links") {
      let parts = text.resolved.split(separator: ":", maxSplits: 1).map(String.init)
      guard let name = parts.first else { continue }
      let entry = ComposeEntry(key: name, location: location, value: node.with(.null))
      guard let target = resolved(entry, isRequired: true) else { continue }
      if parts.count > 1, parts[1] != name {
        lost(
          "the link name `\(parts[1])` for `\(name)`", at: location,
          help: "let it look for `\(names[name] ?? name)`")
      }
      guard !draft.dependencies.contains(where: { $0.composeName == target }) else { continue }
      draft.dependencies.append(
        DependencyDraft(composeName: target, condition: .started, location: location))
    }
  }

  private mutating func resolved(_ entry: ComposeEntry, isRequired: Bool) -> String? {
    if names[entry.key] != nil { return entry.key }
    if isRequired {
      diagnostics.report(
        .composeReference, "`\(draft.composeName)` depends on `\(entry.key)`, which is no service",
        at: entry.location,
        help: Suggestion.help(for: entry.key, among: project.services.names)
          ?? "the services are \(project.services.names.map { "`\($0)`" }.joined(separator: ", "))")
    }
    return nil
  }

  // MARK: Networks and what else is shared

  /// The networks that the service is on: an instance has one.
  mutating func readNetworks(_ entry: ComposeEntry) {
    draft.networksLocation = entry.location
    draft.networks = []
    for network in ComposeMerge.names(entry.value).entries ?? [] {
      if network.key != "default", project.networks[network.key] == nil {
        diagnostics.report(
          .composeReference, "the network `\(network.key)` is not declared under `networks`",
          at: network.location,
          help: Suggestion.help(for: network.key, among: project.networks.names)
            ?? "declare it at the top of the file")
      }
      draft.networks.append(network.key)
      for option in network.value.entries ?? [] where !option.key.hasPrefix("x-") {
        if option.key == "aliases" {
          for (alias, location) in texts(option.value, for: "aliases") {
            draft.aliases.append(alias.resolved)
            lost(
              "the alias `\(alias.resolved)`", at: location,
              help: "other services find it as `\(draft.name)`")
          }
        } else {
          lost(
            "`\(option.key)` on the network `\(network.key)`", at: option.location,
            help: "an instance has one network, which the engine sets up")
        }
      }
    }
  }

  /// The network of something else.
  mutating func readNetworkMode(_ entry: ComposeEntry) {
    guard let mode = filled(entry.value, for: "network_mode"), mode != "bridge" else { return }
    if mode.hasPrefix("service:") { draft.companions.append(String(mode.dropFirst(8))) }
    let help =
      switch mode {
      case "host": "list the ports that are to be reached under `ports`"
      case "none": "a service is on the network of its instance"
      default: "let the services find each other by name instead of by `localhost`"
      }
    lost("`network_mode: \(mode)`", at: entry.location, help: help)
  }

  /// The volumes of other services.
  mutating func readVolumesFrom(_ entry: ComposeEntry) {
    for (text, _) in texts(entry.value, for: "volumes_from") where !text.resolved.hasPrefix("container:") {
      draft.companions.append(String(text.resolved.prefix { $0 != ":" }))
    }
    lost("`volumes_from`", at: entry.location, help: "list the volumes under `volumes` of both services")
  }

  /// A name besides that of the service.
  mutating func readOtherName(_ entry: ComposeEntry) {
    guard let name = filled(entry.value, for: entry.key), name != draft.name else { return }
    draft.aliases.append(name)
    lost(
      "`\(entry.key)`", at: entry.location,
      help: "its name is `\(draft.name)`; containers are named after workload, instance and service")
  }
}
