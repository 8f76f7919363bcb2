import Diagnostics
import UserFiles
import WorkloadSpec

/// A text of one service that names another as a host, or may do so.
struct HostReference: Sendable {
  /// The index of the service that is named.
  let target: Int
  /// The index of the text among those of the service.
  let text: Int
  /// Where the text is.
  let location: SourceLocation
  /// How it is named there.
  let mention: HostMention

  /// The name as it stands in the text.
  var name: String { mention.name }
}

/// Who names whom in the services of a project.
struct HostReferences {
  /// The texts of each service that name others.
  let texts: [[ServiceText]]
  /// For each service, the references to others.
  let references: [[HostReference]]
  /// The files of the folders that some of the texts stand in, by the paths of the folders.
  let folders: [String: [UserFolder.File]]

  /// Reads the texts of all services, and the files that they are given.
  init(_ drafts: [ServiceDraft], _ indices: [String: Int], _ files: inout FileReader) {
    var hosts = indices
    for index in drafts.indices {
      for alias in drafts[index].aliases where hosts[alias] == nil { hosts[alias] = index }
    }
    let ports = drafts.map(\.listedPorts)
    let names = hosts
    let finder = HostFinder(Set(hosts.keys)) { name, port in
      names[name].map { ports[$0].contains(port) } ?? false
    }
    var texts: [[ServiceText]] = []
    var references: [[HostReference]] = []
    var folders: [String: [UserFolder.File]] = [:]
    for (index, draft) in drafts.enumerated() {
      let read = ServiceText.all(of: draft, finder, &files, &folders)
      let elsewhere = draft.statedHosts
      var found: [HostReference] = []
      for (number, text) in read.enumerated() {
        for mention in text.mentions {
          guard let target = hosts[mention.name], target != index, !elsewhere.contains(mention.name),
            Self.canReach(index, target, in: drafts)
          else { continue }
          found.append(
            HostReference(target: target, text: number, location: text.location, mention: mention))
        }
      }
      texts.append(read)
      references.append(found)
    }
    self.texts = texts
    self.references = references
    self.folders = folders
  }

  /// Whether one service finds another by name in compose: on a network that both are on.
  private static func canReach(_ index: Int, _ target: Int, in drafts: [ServiceDraft]) -> Bool {
    let networks = networks(of: index, in: drafts)
    return !networks.isDisjoint(with: self.networks(of: target, in: drafts))
      || drafts[index].sharesJoined(with: drafts[target])
  }

  /// Its networks, and those of services that it shares one with.
  private static func networks(of index: Int, in drafts: [ServiceDraft]) -> Set<String> {
    let companions = Set(drafts[index].companions)
    guard !companions.isEmpty else { return Set(drafts[index].networks) }
    return drafts.reduce(into: Set(drafts[index].networks)) {
      if companions.contains($1.composeName) { $0.formUnion($1.networks) }
    }
  }
}

extension ServiceDraft {
  /// The ports of TCP that it lists.
  var listedPorts: Set<Int> { Set(ports.filter { $0.transport == .tcp }.map(\.container)) }

  /// The names that it finds at addresses which it states itself.
  fileprivate var statedHosts: Set<String> {
    guard case .map(let hosts)? = stated[["network", "extraHosts"]] else { return [] }
    return Set(hosts.map(\.key))
  }
}
