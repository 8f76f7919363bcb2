/// The documents of all layers, those of one workload together.
struct DocumentCollection {
  /// What one workload is written in: a root node for each layer that it stands in.
  struct Document {
    let first: Node
    var later: [Node] = []

    var layers: [Node] { [first] + later }
  }

  private(set) var documents: [Document] = []
  var diagnostics: Diagnostics
  private var indexByName: [String: Int] = [:]

  init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  /// Adds the documents of a layer: each of its own, or over the earlier ones of the same name.
  mutating func add(layer: [SourceFile]) {
    var namesOfLayer: [String: Node] = [:]
    for file in layer {
      let errors = diagnostics.count
      let roots = YAMLReader.read(file, into: &diagnostics).documents.filter { !$0.isNull }
      if roots.isEmpty, diagnostics.count == errors {
        diagnostics.report(
          .noDocument, "there is no document in `\(file.name)`",
          at: SourceLocation(file: file, line: 1, column: 1),
          help: "a workload starts with `name:` and lists its `services:`")
      }
      for root in roots { add(root, to: &namesOfLayer) }
    }
  }

  private mutating func add(_ root: Node, to namesOfLayer: inout [String: Node]) {
    guard let nameNode = root["name"], nameNode.kind == .scalar, !nameNode.isNull else {
      documents.append(Document(first: root))
      return
    }
    let name = nameNode.text
    if let first = namesOfLayer[name] {
      diagnostics.report(
        .duplicateWorkload, "there are two workloads `\(name)`", at: nameNode.location,
        help: "rename one of them, or give one of the files by a later `-f` to merge it over the other",
        related: [RelatedLocation(message: "the first is here", location: first.location)])
      return
    }
    namesOfLayer[name] = nameNode
    if let index = indexByName[name] {
      documents[index].later.append(root)
    } else {
      indexByName[name] = documents.count
      documents.append(Document(first: root))
    }
  }
}
