import Diagnostics
import UserFiles
import WorkloadSpec

/// A text of a service that may name other services as hosts.
struct ServiceText: Sendable {
  /// Where in the service it stands.
  enum Place: Hashable, Sendable {
    /// The value of the environment variable with this index.
    case variable(Int)
    /// A word of the command, by its index.
    case command(Int)
    case argument(Int)
    /// A word of the health check.
    case check(Int)
    /// The content of the config file with this index.
    case config(Int)
    /// A file in the folder which is the config file with this index.
    case folder(Int, path: String)
    /// A file of the machine, which is no part of the spec.
    case machine(path: String)
  }

  let place: Place
  let text: ComposeText
  let location: SourceLocation
  let mentions: [HostMention]

  /// The texts of a service that name others.
  ///
  /// - Parameter folders: the files of the folders that it is given, by the paths of the folders.
  static func all(
    of draft: ServiceDraft, _ finder: HostFinder, _ files: inout FileReader,
    _ folders: inout [String: [UserFolder.File]]
  ) -> [ServiceText] {
    var texts: [ServiceText] = []
    func add(_ place: Place, _ text: ComposeText, _ location: SourceLocation, _ mentions: [HostMention]) {
      guard !mentions.isEmpty else { return }
      texts.append(ServiceText(place: place, text: text, location: location, mentions: mentions))
    }
    func addFile(_ place: Place, _ bytes: [UInt8], _ location: SourceLocation) {
      guard bytes.count <= BindChoice.limits.total, !bytes.contains(0),
        let content = String(validating: bytes, as: UTF8.self)
      else { return }
      let mentions = finder.inContent(content)
      if !mentions.isEmpty { add(place, ComposeText(content), location, mentions) }
    }
    for (index, variable) in draft.env.enumerated() {
      add(
        .variable(index), variable.text, variable.location,
        finder.inVariable(variable.name, value: variable.text.resolved))
    }
    addWords(draft.command + draft.args, of: draft.location, finder, &texts) {
      $0 < draft.command.count ? .command($0) : .argument($0 - draft.command.count)
    }
    if let check = draft.healthCheck {
      addWords(check.command, of: check.location, finder, &texts) { .check($0) }
    }
    for (index, file) in draft.configFiles.enumerated() {
      switch file.source {
      case .content(let text): add(.config(index), text, file.location, finder.inContent(text.resolved))
      case .file(let path):
        if let source = files.source(at: path) { addFile(.config(index), source.bytes, file.location) }
      case .folder(let path):
        guard let boundary = files.boundary,
          let found = try? UserFolder.files(of: path, within: boundary, BindChoice.limits)
        else { continue }
        folders[path] = found
        for item in found { addFile(.folder(index, path: item.path), item.bytes, file.location) }
      }
    }
    for file in draft.readFiles {
      guard let source = files.source(at: file.path) else { continue }
      addFile(.machine(path: file.path), source.bytes, file.location)
    }
    return texts
  }

  private static func addWords(
    _ words: [ComposeText], of location: SourceLocation, _ finder: HostFinder, _ texts: inout [ServiceText],
    at place: (Int) -> Place
  ) {
    let found = Dictionary(grouping: finder.inCommand(words.map(\.resolved)), by: \.word)
    for index in found.keys.sorted() {
      texts.append(
        ServiceText(
          place: place(index), text: words[index], location: location,
          mentions: (found[index] ?? []).map(\.mention)))
    }
  }
}
