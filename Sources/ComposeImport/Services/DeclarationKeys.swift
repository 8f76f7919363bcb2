import Diagnostics

/// What volumes, networks, configs and secrets say at the top of a compose file, besides what they are.
enum DeclarationKeys {
  /// What becomes of a key where it says something.
  private enum Handling {
    /// It is read where it is used, or says nothing to an engine.
    case read
    /// The spec does as well without it; what to know about that.
    case differs(String)
    /// It has no equivalent; what to do about that.
    case lost(String)
  }

  /// The keys that are handled, by the section of the file.
  static var known: [String: Set<String>] {
    [
      "volumes": Set(volumeKeys.keys), "networks": Set(networkKeys.keys), "configs": Set(otherKeys.keys),
      "secrets": Set(otherKeys.keys),
    ]
  }

  /// Reports what is not in the spec, of those that some service uses.
  static func check(
    _ project: ComposeProject, usedBy drafts: [ServiceDraft], _ diagnostics: inout Diagnostics
  ) {
    let volumes = Set(drafts.flatMap(\.volumes).compactMap(\.composeName))
    for entry in project.volumes.entries where volumes.contains(entry.key) {
      report(entry, "volume", volumeKeys, &diagnostics)
    }
    let networks = Set(drafts.flatMap(\.networks))
    for entry in project.networks.entries where networks.contains(entry.key) {
      report(entry, "network", networkKeys, &diagnostics)
      reportIsolation(entry, project, drafts, &diagnostics)
    }
    for entry in project.configs.entries { report(entry, "config", otherKeys, &diagnostics) }
    for entry in project.secrets.entries { report(entry, "secret", otherKeys, &diagnostics) }
  }

  /// The engine's name of a volume or a network that is there already; `nil` for one of the project's own.
  static func externalName(of key: String, _ declaration: ComposeNode?) -> String? {
    guard let external = declaration?["external"], !external.isNull else { return nil }
    let named = declaration?["name"]?.text?.resolved ?? external["name"]?.text?.resolved
    guard external.entries != nil || ComposeBool.isTrue(external) else { return nil }
    return named.flatMap { $0.isEmpty ? nil : $0 } ?? key
  }

  private static let volumeKeys: [String: Handling] = [
    "driver": .read, "driver_opts": .read, "external": .read,
    "name": .differs(
      "berth names its volumes after the workload: to go on with what is in it, write `type: external` with its `source`"
    ),
    "labels": .differs("write them as `labels` of the workload"),
  ]

  private static let addresses = "the engine chooses the addresses of an instance's network"

  private static let networkKeys: [String: Handling] = [
    "external": .read, "attachable": .read, "enable_ipv4": .lost(addresses), "enable_ipv6": .lost(addresses),
    "driver": .lost("an instance has one network, which the engine sets up"),
    "driver_opts": .lost("an instance has one network, which the engine sets up"),
    "internal": .read,
    "ipam": .differs(addresses),
    "labels": .differs("write them as `labels` of the workload"),
    "name": .differs(
      "an instance has a network of its own: what others are to join, make on the engine and list under `network.join`"
    ),
  ]

  /// A network without a way out keeps those from the outside that are on no other.
  private static func reportIsolation(
    _ network: ComposeEntry, _ project: ComposeProject, _ drafts: [ServiceDraft],
    _ diagnostics: inout Diagnostics
  ) {
    func isInternal(_ name: String) -> Bool {
      guard let declaration = project.networks[name], externalName(of: name, declaration) == nil else {
        return false
      }
      return declaration["internal"].map { ComposeBool.isTrue($0) } ?? false
    }
    guard isInternal(network.key), let place = network.value["internal"]?.location else { return }
    for draft in drafts where draft.networks.contains(network.key) && draft.networks.allSatisfy(isInternal) {
      diagnostics.report(
        .notCarriedOver,
        "that `\(draft.composeName)` does not reach the outside, by `internal` of the network `\(network.key)`, has no equivalent",
        at: place, help: "keep it from there by a firewall, or by its own configuration")
    }
  }

  private static let otherKeys: [String: Handling] = [
    "file": .read, "content": .read, "environment": .read, "name": .read, "external": .read,
    "labels": .differs("it is part of the service that uses it"),
    "driver": .lost("name the key of the vault"),
    "driver_opts": .lost("name the key of the vault"),
    "template_driver": .lost("write the content as it is to be"),
  ]

  private static func report(
    _ declaration: ComposeEntry, _ kind: String, _ handlings: [String: Handling],
    _ diagnostics: inout Diagnostics
  ) {
    let isExternal = externalName(of: declaration.key, declaration.value) != nil
    for entry in declaration.value.entries ?? [] where !entry.key.hasPrefix("x-") {
      guard !entry.value.isNull else { continue }
      guard let handling = handlings[entry.key] else {
        diagnostics.reportUnknown(entry, in: "a \(kind)", known: handlings.keys.sorted())
        continue
      }
      let text = entry.value.text?.resolved
      // Saying what holds anyway loses nothing, and of what is there already, only its name counts.
      let isPlain =
        text == "false" && entry.key != "enable_ipv4" || text == "true" && entry.key == "enable_ipv4"
      if isExternal || isPlain
        || (entry.key == "driver" && ["local", "bridge", "default", ""].contains(text))
      {
        continue
      }
      let isEmpty = entry.value.entries?.isEmpty == true || entry.value.elements?.isEmpty == true
      switch handling {
      case _ where isEmpty: break
      case .read: break
      case .differs(let help):
        diagnostics.report(
          .carriedOverDifferently, "`\(entry.key)` of the \(kind) `\(declaration.key)` is left out",
          at: entry.location, help: help)
      case .lost(let help):
        diagnostics.report(
          .notCarriedOver, "`\(entry.key)` of the \(kind) `\(declaration.key)` has no equivalent",
          at: entry.location, help: help)
      }
    }
  }
}
