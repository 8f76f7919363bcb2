import Diagnostics
import WorkloadSpec

/// Merges the services of one document over those that they extend, in the same file or in others.
struct ServiceExtension {
  /// How many services may extend each other in a row.
  static let maximumDepth = 32

  private let document: ComposeNode
  private let scope: VariableScope
  private(set) var files: FileReader
  private(set) var diagnostics = Diagnostics()
  private var others: [String: ComposeNode] = [:]
  private var finished: [String: ComposeNode] = [:]

  init(document: ComposeNode, scope: VariableScope, files: FileReader) {
    self.document = document
    self.scope = scope
    self.files = files
  }

  /// The document with its services extended.
  mutating func run() -> ComposeNode {
    guard let services = document["services"]?.entries,
      services.contains(where: { $0.value["extends"] != nil })
    else { return document }
    var extended: [ComposeEntry] = []
    for entry in services {
      let value = resolve(entry.value, named: entry.key, in: document, chain: [])
      extended.append(ComposeEntry(key: entry.key, location: entry.location, value: value))
    }
    var entries = document.entries ?? []
    for index in entries.indices where entries[index].key == "services" {
      entries[index].value.content = .map(extended)
    }
    return document.with(.map(entries))
  }

  /// A service merged over the one that it extends, and that over the next.
  private mutating func resolve(
    _ service: ComposeNode, named name: String, in root: ComposeNode, chain: [String]
  ) -> ComposeNode {
    let key = "\(root.location.file.name)#\(name)"
    if let known = finished[key] { return known }
    guard let extends = service["extends"], !extends.isNull else { return service }
    let own = service.without("extends")
    guard !chain.contains(key), chain.count < Self.maximumDepth else {
      let names = (chain + [key]).map { $0.split(separator: "#").last.map(String.init) ?? "" }
      diagnostics.report(
        .composeCycle,
        chain.contains(key)
          ? "these services extend each other: \(names.joined(separator: " → "))"
          : "more than \(Self.maximumDepth) services extend each other in a row",
        at: extends.location, help: "take one `extends` away")
      return own
    }
    guard let (base, baseName, baseRoot) = base(of: extends, in: root) else { return own }
    let resolved = resolve(base, named: baseName, in: baseRoot, chain: chain + [key])
    let merged =
      ComposeMerge.merge(ComposeMerge.cleaned(resolved) ?? resolved, own, at: ["services", name]) ?? own
    finished[key] = merged
    return merged
  }

  private mutating func base(
    of extends: ComposeNode, in root: ComposeNode
  ) -> (service: ComposeNode, name: String, root: ComposeNode)? {
    guard let name = (extends.text ?? extends["service"]?.text)?.resolved else {
      diagnostics.report(
        .composeInvalid, "`extends` takes the name of a service", at: extends.location,
        help: "write `extends: other`, or `extends: {file: other.yaml, service: other}`")
      return nil
    }
    var baseRoot = root
    if let file = extends["file"]?.text?.resolved {
      guard let other = other(at: FilePath.resolve(file, in: extends.folder), for: extends) else {
        return nil
      }
      baseRoot = other
    }
    guard let service = baseRoot["services"]?[name], service.entries != nil else {
      let known = (baseRoot["services"]?.entries ?? []).map(\.key)
      diagnostics.report(
        .composeReference, "there is no service `\(name)` in `\(baseRoot.location.file.name)` to extend",
        at: extends.location, help: Suggestion.help(for: name, among: known) ?? "name one that it has")
      return nil
    }
    return (service, name, baseRoot)
  }

  /// Another file, read once.
  private mutating func other(at path: String, for extends: ComposeNode) -> ComposeNode? {
    if let known = others[path] { return known }
    guard let source = files.source(at: path) else {
      diagnostics.append(
        files.complaint(
          of: path, as: "the file", at: extends.location,
          help: "a path is taken from the folder of the file that it stands in"))
      return nil
    }
    let root = ComposeNodeReading.documents(
      of: source, scope, folder: FilePath.folder(of: path), &diagnostics
    ).first
    others[path] = root
    return root
  }
}
