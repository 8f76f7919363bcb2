import Diagnostics
import WorkloadSpec

/// How a service is connected.
extension ServiceImport {
  /// The networks that the service is on: those of the project become that of its instance, those that are there
  /// already are joined.
  mutating func readNetworks(_ entry: ComposeEntry) {
    draft.networksLocation = entry.location
    draft.networks = []
    for network in ComposeMerge.names(entry.value).entries ?? [] {
      let declaration = project.networks[network.key]
      if network.key != "default", declaration == nil, !project.networks.names.contains(network.key) {
        diagnostics.report(
          .composeReference, "the network `\(network.key)` is not declared under `networks`",
          at: network.location,
          help: Suggestion.help(for: network.key, among: project.networks.names)
            ?? "declare it at the top of the file")
      }
      draft.networks.append(network.key)
      if let name = DeclarationKeys.externalName(of: network.key, declaration) {
        join(name, network)
      } else {
        readOwnNetwork(network)
      }
    }
  }

  private static var addressHelp: String {
    "the engine chooses the addresses of an instance's network: use names"
  }

  /// A network of the project.
  private mutating func readOwnNetwork(_ network: ComposeEntry) {
    for option in network.value.entries ?? [] where !option.key.hasPrefix("x-") && !option.value.isNull {
      switch option.key {
      case "aliases":
        for (alias, location) in texts(option.value, for: "aliases") {
          addAlias(filled(alias, for: "aliases", at: location), at: location)
        }
      case "mac_address": readHardwareAddress(option)
      // With one network, there is nothing to choose from.
      case "priority", "gw_priority", "use_service_name_alias": break
      case "ipv4_address", "ipv6_address":
        lost("`\(option.key)` on the network `\(network.key)`", at: option.location, help: Self.addressHelp)
      case "link_local_ips", "driver_opts", "interface_name":
        lost(
          "`\(option.key)` on the network `\(network.key)`", at: option.location,
          help: "an instance has one network, which the engine sets up")
      default:
        diagnostics.reportUnknown(option, in: "a network of a service", known: Self.networkOptions)
      }
    }
  }

  /// What a service may say of a network that it is on.
  private static var networkOptions: [String] {
    [
      "aliases", "ipv4_address", "ipv6_address", "mac_address", "priority", "gw_priority", "link_local_ips",
      "driver_opts", "interface_name", "use_service_name_alias",
    ]
  }

  /// A network that is there already.
  private mutating func join(_ name: String, _ network: ComposeEntry) {
    var joined = JoinedDraft(name: name, location: network.location)
    for option in network.value.entries ?? [] where !option.key.hasPrefix("x-") && !option.value.isNull {
      switch option.key {
      case "aliases":
        for (text, location) in texts(option.value, for: "aliases") {
          let alias = filled(text, for: "aliases", at: location)
          if isHostName(alias, at: location) { joined.aliases.append(alias) }
        }
      case "ipv4_address", "ipv6_address":
        guard let address = filled(option.value, for: option.key), !address.isEmpty else { continue }
        if joined.address == nil {
          joined.address = address
        } else {
          lost(
            "`\(option.key)` on the network `\(network.key)`", at: option.location,
            help: "one address in a network can be said")
        }
      case "priority", "gw_priority", "use_service_name_alias": break
      case "mac_address", "link_local_ips", "driver_opts", "interface_name":
        lost(
          "`\(option.key)` on the network `\(network.key)`", at: option.location,
          help: "a network that is joined has `aliases` and an `address`")
      default: diagnostics.reportUnknown(option, in: "a network of a service", known: Self.networkOptions)
      }
    }
    draft.joined.append(joined)
  }

  /// A further name in the network of the instance.
  mutating func addAlias(_ name: String, at location: SourceLocation) {
    guard !name.isEmpty, name != draft.name, !draft.networkAliases.contains(name),
      isHostName(name, at: location)
    else { return }
    draft.networkAliases.append(name)
    draft.aliases.append(name)
  }

  /// Whether a text is a name that a machine can have; that it is not is told.
  private mutating func isHostName(_ name: String, at location: SourceLocation) -> Bool {
    if HostName.isValid(name) { return true }
    lost(
      "the name `\(name)`", at: location,
      help: "the name of a machine has letters, digits, `-`, `_` and dots between them")
    return false
  }

  /// The name of its container, by which others find it, too.
  mutating func readContainerName(_ entry: ComposeEntry) {
    guard let name = filled(entry.value, for: entry.key), !name.isEmpty else { return }
    draft.containerName = HostName.isValid(name) ? name : nil
    addAlias(name, at: entry.value.location)
  }

  /// The name that it gives its own machine; engines of today let others find it by that.
  mutating func readHostname(_ entry: ComposeEntry) {
    guard let text = text(entry.value, for: entry.key), !text.resolved.isEmpty,
      isHostName(text.resolved, at: entry.value.location)
    else { return }
    draft.stated[["hostname"]] = .text(text, entry.value.location)
    if text.resolved != draft.name { draft.aliases.append(text.resolved) }
  }

  /// The hardware address of its container.
  mutating func readHardwareAddress(_ entry: ComposeEntry) {
    guard let text = filled(entry.value, for: entry.key), !text.isEmpty else { return }
    draft.stated[["on", "docker", "macAddress"]] = .string(text)
  }

  /// The network of the machine, of something else, or none.
  mutating func readNetworkMode(_ entry: ComposeEntry) {
    guard let mode = filled(entry.value, for: "network_mode") else { return }
    switch mode {
    case "", "bridge", "default": break
    case "host", "none":
      draft.stated[["network", "mode"]] = .string(mode)
      draft.networks = []
      draft.hasOwnNetwork = false
    case _ where mode.hasPrefix("service:") || mode.hasPrefix("container:"):
      let name = String(mode[mode.index(after: mode.firstIndex(of: ":") ?? mode.startIndex)...])
      draft.companions.append(name)
      lost(
        "`network_mode: \(mode)`", at: entry.location,
        help: "let the services find each other by name; what it sends no longer goes through `\(name)`")
    default: draft.joined.append(JoinedDraft(name: mode, location: entry.location))
    }
  }

  /// Names that it finds at addresses of their own: `NAME:ADDRESS` or `NAME=ADDRESS`, or a mapping of them.
  mutating func readExtraHosts(_ node: ComposeNode) {
    var hosts: [SpecDraft.Member] = []
    func add(
      _ name: String, _ address: ComposeText, at location: SourceLocation, _ service: inout ServiceImport
    ) {
      let plain = address.resolved
      let isBracketed = plain.hasPrefix("[") && plain.hasSuffix("]")
      let value: SpecDraft =
        isBracketed ? .string(String(plain.dropFirst().dropLast())) : .text(address, location)
      guard let known = hosts.firstIndex(where: { $0.key == name }) else {
        return hosts.append(SpecDraft.Member(key: name, value: value))
      }
      guard hosts[known].value.texts.first?.text.resolved != plain else { return }
      service.lost(
        "the second address of `\(name)` in `extra_hosts`", at: location,
        help: "a name has one address in a spec")
    }
    if let entries = node.entries {
      for entry in entries {
        for (address, location) in texts(entry.value, for: "extra_hosts") {
          add(entry.key, address, at: location, &self)
        }
      }
    } else {
      for (text, location) in texts(node, for: "extra_hosts") {
        let separator: Character = text.pieces.contains(.character("=")) ? "=" : ":"
        let parts = text.split(separator, maxSplits: 1)
        guard parts.count == 2, !parts[0].isEmpty else {
          invalid(
            "`\(text.resolved)` is no host", at: location, help: "write it as `db.example.com=10.0.0.2`")
          continue
        }
        add(filled(parts[0], for: "extra_hosts", at: location), parts[1], at: location, &self)
      }
    }
    if !hosts.isEmpty { draft.stated[["network", "extraHosts"]] = .map(hosts) }
  }

  /// A namespace of the machine or of another container.
  mutating func readNamespace(_ entry: ComposeEntry, as field: String) {
    guard let mode = filled(entry.value, for: entry.key), !mode.isEmpty else { return }
    if mode.hasPrefix("service:") {
      draft.companions.append(String(mode.dropFirst(8)))
      return lost(
        "`\(entry.key): \(mode)`", at: entry.location,
        help:
          "the containers of an instance have namespaces of their own: let one program do the work of both")
    }
    draft.stated[["on", "docker", field]] = .string(mode)
  }

  /// Writes down the networks once all keys are read.
  mutating func finishNetworks() {
    if node["networks"]?.isNull ?? true, node["network_mode"]?.isNull ?? true,
      let name = DeclarationKeys.externalName(of: "default", project.networks["default"])
    {
      join(name, ComposeEntry(key: "default", location: draft.location, value: node.with(.null)))
    }
    guard draft.hasOwnNetwork else {
      draft.networkAliases = []
      return dropPorts()
    }
    // Names that are no labels: the others may go on using them.
    if draft.composeName != draft.name { addAlias(draft.composeName, at: draft.location) }
    for index in draft.joined.indices {
      let names = [draft.composeName, draft.containerName].compactMap(\.self) + draft.joined[index].aliases
      draft.joined[index].aliases = names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
  }

  /// An engine publishes no port of a service without a network of its own.
  private mutating func dropPorts() {
    guard let first = draft.ports.first else { return }
    draft.ports = []
    differs(
      "`\(draft.composeName)` has no network of its own, so that its `ports` say nothing, as in compose",
      at: first.location, help: "take `ports` or `network_mode` away")
  }
}
