import Diagnostics

/// Why two services can't be in workloads of their own.
struct ServiceTie: Sendable {
  enum Reason: Sendable {
    /// They mount one volume, with this name.
    case volume(String)
    /// The one has a part of the other: its network, its processes, its volumes.
    case part
    /// They wait for each other, or name each other.
    case cycle
  }

  let first: Int
  let second: Int
  let reason: Reason
  let location: SourceLocation

  /// What ties services together but what they wait for and name.
  ///
  /// - Parameter ignoresExternal: whether volumes that are there already tie nothing: any workload can have those.
  static func all(of drafts: [ServiceDraft], ignoresExternal: Bool = false) -> [ServiceTie] {
    var names: [String: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      if let name = draft.containerName, names[name] == nil { names[name] = index }
    }
    for (index, draft) in drafts.enumerated() { names[draft.composeName] = index }
    var ties: [ServiceTie] = []
    var firstWithVolume: [String: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for companion in draft.companions {
        guard let target = names[companion], target != index else { continue }
        ties.append(ServiceTie(first: target, second: index, reason: .part, location: draft.location))
      }
      for volume in draft.volumes {
        guard let name = volume.composeName, !ignoresExternal || volume.type != .external else { continue }
        if let first = firstWithVolume[name] {
          guard first != index else { continue }
          ties.append(
            ServiceTie(first: first, second: index, reason: .volume(name), location: volume.location))
        } else {
          firstWithVolume[name] = index
        }
      }
    }
    return ties
  }
}
