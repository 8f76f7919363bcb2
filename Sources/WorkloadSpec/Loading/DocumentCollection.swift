import Diagnostics
import YAMLNodes

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
  /// Where a name was met last.
  private struct Place {
    /// The index of its document.
    let document: Int
    /// The layer, counted from 1, and the node in it.
    let layer: Int
    let node: Node
  }

  private var places: [String: Place] = [:]
  private var layer = 0

  init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

  /// Adds the documents of a layer: each of its own, or over the earlier ones of the same name.
  mutating func add(layer: [SourceFile]) {
    self.layer += 1
    for file in layer {
      let errors = diagnostics.count
      let roots = YAMLReader.read(file, into: &diagnostics).documents.filter { !$0.isNull }
      if roots.isEmpty, diagnostics.count == errors {
        diagnostics.report(
          .noDocument, "there is no document in `\(file.name)`",
          at: SourceLocation(file: file, line: 1, column: 1),
          help: "a workload starts with `name:` and lists its `services:`")
      }
      for root in roots { add(root) }
    }
  }

  private mutating func add(_ root: Node) {
    guard let nameNode = root["name"], nameNode.kind == .scalar, !nameNode.isNull else {
      documents.append(Document(first: root))
      return
    }
    let name = nameNode.text
    let known = places[name]
    if let known, known.layer == layer {
      diagnostics.report(
        .duplicateWorkload, "there are two workloads `\(name)`", at: nameNode.location,
        help: "rename one of them, or give one of the files by a later `-f` to merge it over the other",
        related: [RelatedLocation(message: "the first is here", location: known.node.location)])
      return
    }
    places[name] = Place(document: known?.document ?? documents.count, layer: layer, node: nameNode)
    if let known {
      documents[known.document].later.append(root)
    } else {
      documents.append(Document(first: root))
    }
  }
}
