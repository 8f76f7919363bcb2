import Diagnostics
import SpecImport
import UserFiles
import WorkloadSpec

/// Writes addresses into the texts of a workload's services where they name services of others, and says what it leaves
/// as it is.
struct AddressWriter {
  private let graph: ServiceGraph
  private let names: [String]
  private let group: Int
  /// The workloads whose services the texts refer to.
  private(set) var referred: Set<String> = []
  private(set) var diagnostics = Diagnostics()

  /// For a group of services.
  ///
  /// - Parameter names: what the workloads of the groups are called.
  init(_ graph: ServiceGraph, _ names: [String], group: Int) {
    self.graph = graph
    self.names = names
    self.group = group
  }

  /// A service of the group, its texts rewritten.
  mutating func rewritten(_ index: Int) -> ServiceDraft {
    var draft = graph.drafts[index]
    reportOwnNames(of: index)
    let references = Dictionary(grouping: graph.references[index]) { $0.text }
    var folders: [Int: [String: ComposeText]] = [:]
    for number in references.keys.sorted() {
      let text = graph.texts[index][number]
      var places: [AddressPlace] = []
      for reference in Self.distinct(references[number] ?? []) {
        guard let home = graph.home(of: reference.target), home != group else { continue }
        let target = graph.drafts[reference.target]
        if draft.finds(target, by: reference.name) { continue }
        let isMachine = if case .machine = text.place { true } else { false }
        guard graph.canRefer(index, by: reference), !isMachine else {
          report(reference, in: text, of: draft, to: target, names[home])
          continue
        }
        referred.insert(names[home])
        places.append(AddressPlace(reference.mention, in: text.text, of: target, workload: names[home]))
      }
      guard !places.isEmpty else { continue }
      let (written, filledIn) = text.text.replacing(places)
      for use in filledIn { report(use, places, at: text.location) }
      if case .folder(let file, let path) = text.place {
        folders[file, default: [:]][path] = written
      } else {
        write(written, to: text.place, of: &draft)
      }
    }
    for file in folders.keys.sorted(by: >) { takeApart(file, folders[file] ?? [:], of: &draft) }
    return draft
  }

  /// The mentions in their order, each place once.
  private static func distinct(_ references: [HostReference]) -> [HostReference] {
    var end = 0
    return references.sorted {
      ($0.mention.range.lowerBound, $1.mention.certainty) < (
        $1.mention.range.lowerBound, $0.mention.certainty
      )
    }.filter {
      guard $0.mention.range.lowerBound >= end else { return false }
      end = $0.mention.range.upperBound
      return true
    }
  }

  private mutating func write(_ text: ComposeText, to place: ServiceText.Place, of draft: inout ServiceDraft)
  {
    switch place {
    case .variable(let index): draft.env[index].text = text
    case .command(let index): draft.command[index] = text
    case .argument(let index): draft.args[index] = text
    case .check(let index): draft.healthCheck?.command[index] = text
    case .config(let index):
      if case .file(let path) = draft.configFiles[index].source {
        reportContent(of: path, at: draft.configFiles[index].location)
      }
      draft.configFiles[index].source = .content(text)
    case .folder, .machine: break
    }
  }

  /// Takes a folder of config apart into its files, some of which have another content now.
  private mutating func takeApart(
    _ index: Int, _ contents: [String: ComposeText], of draft: inout ServiceDraft
  ) {
    let folder = draft.configFiles.remove(at: index)
    guard case .folder(let source) = folder.source else { return }
    var labels = UniqueLabels(Set(draft.configFiles.map(\.name)))
    for item in graph.folders[source] ?? [] {
      let content = contents[item.path]
      let path = "\(source)/\(item.path)"
      if content != nil { reportContent(of: path, at: folder.location) }
      draft.configFiles.append(
        ConfigFileDraft(
          name: labels.next(like: item.path), path: "\(folder.path)/\(item.path)",
          source: content.map { .content($0) } ?? .file(path), location: folder.location,
          mode: folder.mode ?? (item.isExecutable ? "0755" : nil), owner: folder.owner))
    }
  }

  // MARK: Reporting

  /// A text that may name a service of another workload, and stays as it is.
  private mutating func report(
    _ reference: HostReference, in text: ServiceText, of draft: ServiceDraft, to target: ServiceDraft,
    _ workload: String
  ) {
    let what = "`\(draft.composeName)` \(reference.mention.certainty == .sure ? "looks" : "may look") for"
    let address = AddressReference(.host, of: target.name, workload: workload, port: nil)
    let (place, help): (String, String)
    if case .machine(let path) = text.place {
      place = " in `\(path)`, which is no part of the spec"
      help = "make it config of the spec, with `content` and `${\(address.name)}` in it"
    } else if graph.inits.contains(reference.target) {
      place = ", which runs to its end and is reached by nothing"
      help = "have it look for a service that keeps running"
    } else if !draft.hasOwnNetwork || !target.hasOwnNetwork {
      place = ", which is in another workload, and one of them has no network of its own"
      help = "give it an address at which the other is reached on the machine"
    } else {
      place = ", which is in another workload: the text stays as it is"
      help = "if the service is meant, write `${\(address.name)}` in the place of `\(reference.name)`"
    }
    diagnostics.report(
      .hostKept, "\(what) `\(reference.name)`\(place)", at: reference.location, help: help)
  }

  private mutating func report(_ use: VariableUse, _ places: [AddressPlace], at location: SourceLocation) {
    let addresses = Set(places.map { "`${\($0.reference.name)}`" }).sorted().joined(separator: ", ")
    diagnostics.report(
      .variableFilledIn,
      "`\(use.name)` names a service of another workload, which the default of a variable can't: it is filled in, with \(addresses)",
      at: location, help: "change the value in the spec, or give each environment a file of its own")
  }

  private mutating func reportContent(of path: String, at location: SourceLocation) {
    diagnostics.report(
      .workloadBoundary,
      "`\(path)` names services of other workloads: the spec has its content, with their addresses",
      at: location,
      help: "change it in the spec from now on; a file beside it can't hold addresses")
  }

  /// A service that tells others its own name, which finds it in its workload only.
  private mutating func reportOwnNames(of index: Int) {
    let draft = graph.drafts[index]
    let isReferred = graph.references.enumerated().contains { other, references in
      graph.home(of: other) != group
        && references.contains { $0.target == index && graph.canRefer(other, by: $0) }
    }
    guard isReferred, !draft.ownNames.isEmpty else { return }
    for variable in draft.env where HostVariable(variable.name) == .own {
      let finder = HostFinder(draft.ownNames)
      guard let mention = finder.inVariable(variable.name, value: variable.text.resolved).first else {
        continue
      }
      diagnostics.report(
        .hostKept,
        "`\(draft.composeName)` tells others its own name `\(mention.name)`, by which other workloads don't find it",
        at: variable.location,
        help:
          "name there what others find it by, such as an address of the machine that its port is published on"
      )
    }
  }
}

extension ServiceDraft {
  /// The names by which it is found in compose.
  fileprivate var ownNames: Set<String> { hasOwnNetwork ? Set([composeName] + aliases) : [] }
}
