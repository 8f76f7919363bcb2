import Diagnostics

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
      // A link says no more than that it is to have started.
      draft.dependencies.removeAll { $0.composeName == target }
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
      if parts.count > 1, parts[1] != name { draft.links.append((target, parts[1], location)) }
      guard !draft.dependencies.contains(where: { $0.composeName == target }) else { continue }
      draft.dependencies.append(
        DependencyDraft(composeName: target, condition: .started, location: location))
    }
  }

  private mutating func resolved(_ entry: ComposeEntry, isRequired: Bool) -> String? {
    if names[entry.key] != nil { return entry.key }
    // What a provider runs is told to be left out.
    if project.services[entry.key]?["provider"] != nil { return nil }
    if isRequired {
      diagnostics.report(
        .composeReference, "`\(draft.composeName)` depends on `\(entry.key)`, which is no service",
        at: entry.location,
        help: Suggestion.help(for: entry.key, among: project.services.names)
          ?? "the services are \(project.services.names.map { "`\($0)`" }.joined(separator: ", "))")
    }
    return nil
  }

  // MARK: What else is shared

  /// The volumes of other services.
  mutating func readVolumesFrom(_ entry: ComposeEntry) {
    for (text, location) in texts(entry.value, for: "volumes_from") {
      let source = filled(text, for: "volumes_from", at: location)
      guard !source.hasPrefix("container:") else {
        lost(
          "`volumes_from: \(source)`", at: location,
          help: "list what that container mounts under `volumes`, as binds or external volumes")
        continue
      }
      let parts = source.split(separator: ":").map(String.init)
      guard let name = parts.first else { continue }
      draft.companions.append(name)
      draft.volumeOwners.append(
        VolumeOwner(composeName: name, isReadOnly: parts.dropFirst().contains("ro"), location: location))
    }
  }
}
