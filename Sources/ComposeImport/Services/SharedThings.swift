import Diagnostics

/// What services say of each other, once all are read: the volumes of another one, and names for it.
enum SharedThings {
  static func add(to drafts: inout [ServiceDraft], _ diagnostics: inout Diagnostics) {
    for index in drafts.indices {
      for owner in drafts[index].volumeOwners { addVolumes(of: owner, to: index, &drafts, &diagnostics) }
      for link in drafts[index].links { addName(link, &drafts, &diagnostics) }
    }
  }

  private static func addVolumes(
    of owner: VolumeOwner, to index: Int, _ drafts: inout [ServiceDraft], _ diagnostics: inout Diagnostics
  ) {
    guard let source = drafts.first(where: { $0.composeName == owner.composeName }) else {
      diagnostics.report(
        .composeReference,
        "`\(drafts[index].composeName)` has the volumes of `\(owner.composeName)`, which is no service",
        at: owner.location,
        help: Suggestion.help(for: owner.composeName, among: drafts.map(\.composeName))
          ?? "name one of the services")
      return
    }
    let paths = Set(drafts[index].volumes.map(\.mountPath) + drafts[index].configFiles.map(\.path))
    let names = Set(drafts[index].volumes.map(\.name))
    // Memory is each container's own.
    for var volume in source.volumes
    where volume.type != .memory && !paths.contains(volume.mountPath) && !names.contains(volume.name) {
      volume.isReadOnly = volume.isReadOnly || owner.isReadOnly
      drafts[index].volumes.append(volume)
    }
    drafts[index].configFiles += source.configFiles.filter { !paths.contains($0.path) }
  }

  /// A name that one service has for another, which all of its instance find it by.
  private static func addName(
    _ link: (target: String, alias: String, location: SourceLocation), _ drafts: inout [ServiceDraft],
    _ diagnostics: inout Diagnostics
  ) {
    guard let target = drafts.firstIndex(where: { $0.composeName == link.target }) else { return }
    let other = drafts.first {
      $0.composeName != link.target && ($0.name == link.alias || $0.aliases.contains(link.alias))
    }
    if let other {
      diagnostics.report(
        .notCarriedOver,
        "the link name `\(link.alias)` for `\(link.target)` has no equivalent, because `\(other.composeName)` has it",
        at: link.location, help: "let it look for `\(drafts[target].name)`")
    } else if link.alias != drafts[target].name, !drafts[target].networkAliases.contains(link.alias) {
      drafts[target].networkAliases.append(link.alias)
      drafts[target].aliases.append(link.alias)
    }
  }
}
