import Diagnostics
import YAMLNodes

/// A value of a compose file: interpolated, with its place, and free to be merged with others.
struct ComposeNode: Sendable {
  /// What the value is.
  indirect enum Content: Sendable {
    case null
    case scalar(ComposeText)
    case list([ComposeNode])
    case map([ComposeEntry])
  }

  var content: Content
  let location: SourceLocation
  /// The folder that relative paths in the value are taken from; empty for the working folder.
  let folder: String
  var tag: LayerTag?
  /// Whether it is a text without quotes, which compose may read as something else.
  var isPlain = false

  /// Whether nothing stands there.
  var isNull: Bool { if case .null = content { true } else { false } }

  var text: ComposeText? { if case .scalar(let text) = content { text } else { nil } }

  var elements: [ComposeNode]? { if case .list(let elements) = content { elements } else { nil } }

  /// The entries of a mapping.
  var entries: [ComposeEntry]? { if case .map(let entries) = content { entries } else { nil } }

  /// The value under a key of a mapping.
  subscript(key: String) -> ComposeNode? { entries?.first { $0.key == key }?.value }

  /// What it is, in the words of a message.
  var phrase: String {
    switch content {
    case .null: "nothing"
    case .scalar: "a text"
    case .list: "a list"
    case .map: "a mapping"
    }
  }

  /// The same place with another content.
  func with(_ content: Content) -> ComposeNode {
    ComposeNode(content: content, location: location, folder: folder)
  }

  /// The same value as if it stood elsewhere.
  func at(_ location: SourceLocation) -> ComposeNode {
    ComposeNode(content: content, location: location, folder: folder, tag: tag, isPlain: isPlain)
  }

  /// The mapping without a key.
  func without(_ key: String) -> ComposeNode {
    guard let entries else { return self }
    var copy = self
    copy.content = .map(entries.filter { $0.key != key })
    return copy
  }
}

/// A key of a mapping with its value.
struct ComposeEntry: Sendable {
  let key: String
  let location: SourceLocation
  var value: ComposeNode
}
