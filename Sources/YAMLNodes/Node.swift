import Diagnostics

/// A node of a YAML document, with its position.
public struct Node: Sendable {
  @usableFromInline package let tree: NodeTree
  @usableFromInline package let index: Int

  @inlinable
  package init(tree: NodeTree, index: Int) {
    self.tree = tree
    self.index = index
  }

  @usableFromInline package var record: NodeRecord {
    @inlinable get { tree.records[index] }
  }

  /// Whether it has text, elements or members.
  @inlinable public var kind: NodeKind { record.kind }

  /// Where it stands.
  public var location: SourceLocation {
    let record = record
    let length = record.endColumn > record.column ? Int(record.endColumn - record.column) : 1
    return SourceLocation(
      file: tree.files[Int(record.file)], line: Int(record.line), column: Int(record.column), length: length)
  }

  /// The text of a scalar as it is written, quotes and escapes resolved; empty for other kinds.
  public var text: String {
    let record = record
    guard record.kind == .scalar else { return "" }
    let start = Int(record.textStart)
    return String(decoding: tree.text[start..<start + Int(record.textCount)], as: UTF8.self)
  }

  /// Whether this is written as YAML's null: nothing at all, `~` or `null`.
  public var isNull: Bool {
    let record = record
    guard record.kind == .scalar, record.flags.contains(.plain), !record.flags.contains(.text) else {
      return false
    }
    switch record.textCount {
    case 0: return true
    case 1: return tree.text[Int(record.textStart)] == UInt8(ascii: "~")
    case 4 where tree.text[Int(record.textStart)] | 0x20 == UInt8(ascii: "n"):
      return ["null", "Null", "NULL"].contains(text)
    default: return false
    }
  }

  /// Whether a scalar is written without quotes.
  @inlinable public var isPlain: Bool { record.flags.contains(.plain) && !record.flags.contains(.text) }

  /// How the node is tagged to change a node of an earlier file, where such tags are read.
  public var layerTag: LayerTag? {
    if record.flags.contains(.reset) { return .reset }
    return record.flags.contains(.override) ? .override : nil
  }

  @inlinable package var end: Int { index + Int(record.size) }

  /// How many children a sequence or mapping has: for a mapping, its keys and its values.
  @inlinable package var childCount: Int {
    var count = 0
    var child = index + 1
    let end = end
    while child < end {
      count += 1
      child += Int(tree.records[child].size)
    }
    return count
  }

  /// How many nodes there are below this one.
  @inlinable package var descendantCount: Int { Int(record.size) - 1 }

  /// Whether the scalar's bytes are these.
  @inlinable
  package func textEquals(_ bytes: [UInt8]) -> Bool {
    let record = record
    guard Int(record.textCount) == bytes.count else { return false }
    let start = Int(record.textStart)
    for offset in bytes.indices where tree.text[start + offset] != bytes[offset] { return false }
    return true
  }

  /// The number that the scalar is, if it is nothing but a few digits of which the first is no zero.
  @inlinable package var plainNumber: Int? {
    let record = record
    let count = Int(record.textCount)
    guard record.kind == .scalar, (1...9).contains(count) else { return nil }
    var number = 0
    for index in Int(record.textStart)..<Int(record.textStart) + count {
      let digit = Int(tree.text[index]) - Int(UInt8(ascii: "0"))
      guard (0...9).contains(digit), number > 0 || digit > 0 || count == 1 else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// Whether a scalar with this text, which holds a `$`, is the node, or stands anywhere in it.
  package func hasScalar(_ text: String) -> Bool {
    guard tree.hasDollars else { return false }
    let bytes = Array(text.utf8)
    for index in index..<end where tree.records[index].flags.contains(.dollar) {
      if Node(tree: tree, index: index).textEquals(bytes) { return true }
    }
    return false
  }

  /// The elements of a sequence; empty for other kinds.
  public var elements: [Node] {
    guard kind == .sequence else { return [] }
    var nodes: [Node] = []
    nodes.reserveCapacity(childCount)
    var child = index + 1
    let end = end
    while child < end {
      nodes.append(Node(tree: tree, index: child))
      child += Int(tree.records[child].size)
    }
    return nodes
  }

  /// The keys and values of a mapping; empty for other kinds.
  public var members: [(key: Node, value: Node)] {
    guard kind == .mapping else { return [] }
    var nodes: [(key: Node, value: Node)] = []
    var key = index + 1
    let end = end
    while key < end {
      let value = key + Int(tree.records[key].size)
      nodes.append((Node(tree: tree, index: key), Node(tree: tree, index: value)))
      key = value + Int(tree.records[value].size)
    }
    return nodes
  }

  /// The value under a key of a mapping.
  public subscript(key: String) -> Node? {
    member(key).map { Node(tree: tree, index: $0.end) }
  }

  /// The key node under which a mapping holds a value.
  public func key(_ name: String) -> Node? { member(name) }

  private func member(_ name: String) -> Node? {
    guard kind == .mapping else { return nil }
    let bytes = Array(name.utf8)
    var child = index + 1
    let end = end
    while child < end {
      let key = Node(tree: tree, index: child)
      if key.textEquals(bytes) { return key }
      child = Node(tree: tree, index: key.end).end
    }
    return nil
  }
}
