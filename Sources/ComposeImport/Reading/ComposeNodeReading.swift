import Diagnostics
import YAMLNodes

/// Copies the nodes of a document, with the variables in their texts read.
struct ComposeNodeReading {
  /// The size of the largest compose file that is read: 1 MiB, many times that of a long one.
  static let maximumFileSize = 1 << 20
  /// How much text a document may have once its aliases are copied in: 4 MiB.
  static let maximumTextSize = 4 << 20

  private let scope: VariableScope
  private let folder: String
  private var textSize = 0
  private var diagnostics = Diagnostics()

  private init(_ scope: VariableScope, folder: String) {
    self.scope = scope
    self.folder = folder
  }

  /// The documents of a file that hold something, with variables resolved; none if the file is too large.
  static func documents(
    of file: SourceFile, _ scope: VariableScope, folder: String, _ diagnostics: inout Diagnostics
  ) -> [ComposeNode] {
    guard file.bytes.count <= maximumFileSize else {
      diagnostics.report(
        .fileTooLarge, "`\(file.name)` is larger than \(maximumFileSize >> 20) MiB",
        at: SourceLocation(file: file, line: 1, column: 1), help: "take it apart by `include`")
      return []
    }
    var reading = ComposeNodeReading(scope, folder: folder)
    let documents = YAMLReader.read(file, takesLayerTags: true, into: &diagnostics).documents
      .filter { !$0.isNull }.map { reading.copy($0) }
    if reading.textSize > maximumTextSize {
      diagnostics.report(
        .fileTooLarge, "aliases make `\(file.name)` larger than \(maximumTextSize >> 20) MiB",
        at: SourceLocation(file: file, line: 1, column: 1), help: "write the repeated part out")
    }
    diagnostics.append(contentsOf: reading.diagnostics)
    return documents
  }

  private mutating func copy(_ node: Node) -> ComposeNode {
    var copy = ComposeNode(content: .null, location: node.location, folder: folder, tag: node.layerTag)
    switch node.kind {
    case .scalar:
      copy.content = node.isNull ? .null : .scalar(text(of: node))
      copy.isPlain = node.isPlain
    case .sequence: copy.content = .list(node.elements.map { self.copy($0) })
    case .mapping: copy.content = .map(entries(of: node))
    }
    return copy
  }

  private mutating func text(of node: Node) -> ComposeText {
    let text = node.text
    textSize += text.utf8.count
    guard textSize <= Self.maximumTextSize else { return ComposeText("") }
    return ComposeInterpolation.read(text, scope, at: node.location, &diagnostics)
  }

  private mutating func entries(of node: Node) -> [ComposeEntry] {
    var entries: [ComposeEntry] = []
    var seen: [String: SourceLocation] = [:]
    for (key, value) in node.members {
      let name = key.text
      if let first = seen[name] {
        diagnostics.report(
          .duplicateKey, "the key `\(name)` stands twice", at: key.location, help: "keep one of the two",
          related: [RelatedLocation(message: "the first is here", location: first)])
        continue
      }
      seen[name] = key.location
      entries.append(ComposeEntry(key: name, location: key.location, value: copy(value)))
    }
    return entries
  }
}
