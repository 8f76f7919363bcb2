import WorkloadSpec

/// What volumes, networks, configs and secrets say at the top of a compose file, besides what they are.
enum DeclarationKeys {
  /// Reports what has no equivalent, of those that some service uses.
  static func check(
    _ project: ComposeProject, usedBy drafts: [ServiceDraft], _ diagnostics: inout Diagnostics
  ) {
    let volumes = Set(drafts.flatMap(\.volumes).compactMap(\.composeName))
    for entry in project.volumes.entries where volumes.contains(entry.key) {
      report(entry, "volume", read: [], lost: volumeKeys, &diagnostics)
    }
    let networks = Set(drafts.flatMap(\.networks))
    for entry in project.networks.entries where networks.contains(entry.key) {
      report(entry, "network", read: [], lost: networkKeys, &diagnostics)
    }
    for entry in project.configs.entries {
      report(
        entry, "config", read: ["file", "content", "environment", "name", "external"], lost: otherKeys,
        &diagnostics)
    }
    for entry in project.secrets.entries {
      report(
        entry, "secret", read: ["file", "environment", "name", "external"], lost: otherKeys, &diagnostics)
    }
  }

  private static let volumeKeys = [
    "driver": "the engine's own driver keeps the volume",
    "driver_opts": "the engine's own driver keeps the volume",
    "external": "berth uses no volume that it did not make: copy the data into the new one",
    "name": "berth names its volumes after the workload",
    "labels": "write them as `labels` of the workload",
  ]

  private static let networkKeys = [
    "driver", "driver_opts", "attachable", "enable_ipv4", "enable_ipv6", "external", "internal", "ipam",
    "labels", "name",
  ].reduce(into: [String: String]()) { $0[$1] = "an instance has one network, which the engine sets up" }

  private static let otherKeys = [
    "labels": "it is part of the service that uses it", "driver": "name the key of the vault",
    "driver_opts": "name the key of the vault", "template_driver": "write the content as it is to be",
  ]

  private static func report(
    _ declaration: ComposeEntry, _ kind: String, read: Set<String>, lost: [String: String],
    _ diagnostics: inout Diagnostics
  ) {
    for entry in declaration.value.entries ?? [] where !entry.key.hasPrefix("x-") {
      guard !read.contains(entry.key), !entry.value.isNull else { continue }
      guard let help = lost[entry.key] else {
        diagnostics.reportUnknown(entry, in: "a \(kind)", known: read.union(lost.keys).sorted())
        continue
      }
      let text = entry.value.text?.resolved
      // Saying what holds anyway loses nothing.
      if text == "false" || (entry.key == "driver" && ["local", "bridge"].contains(text)) { continue }
      diagnostics.report(
        .notCarriedOver, "`\(entry.key)` of the \(kind) `\(declaration.key)` has no equivalent",
        at: entry.location,
        help: help)
    }
  }
}
