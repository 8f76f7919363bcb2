import Diagnostics

/// Makes a ``NodeTree``, record after record.
package struct NodeTreeBuilder {
  var records: ContiguousArray<NodeRecord> = []
  var text: ContiguousArray<UInt8> = []
  var files: [SourceFile] = []
  var roots: [Int] = []
  /// Whether any scalar holds a `$`.
  var hasDollars = false

  package init() {}

  /// Appends text, and returns where it starts.
  mutating func append(text bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let start = UInt32(text.count)
    text.append(contentsOf: bytes)
    return start
  }

  /// Appends a copy of a run of records that are in this builder already.
  mutating func appendCopy(of index: Int) {
    let size = Int(records[index].size)
    records.reserveCapacity(records.count + size)
    for offset in 0..<size { records.append(records[index + offset]) }
  }

  /// Appends a copy of a node of another tree, with its descendants.
  package mutating func append(_ node: Node) {
    let fileOffsets = node.tree.files.map { index(of: $0) }
    for index in node.index..<node.end {
      var record = node.tree.records[index]
      if record.flags.contains(.dollar) { hasDollars = true }
      record.file = fileOffsets[Int(record.file)]
      if record.kind == .scalar {
        let start = Int(record.textStart)
        record.textStart = UInt32(text.count)
        text.append(contentsOf: node.tree.text[start..<start + Int(record.textCount)])
      }
      records.append(record)
    }
  }

  /// Starts a sequence or mapping that stands where another node does; returns what ``close(_:)`` takes.
  package mutating func open(like node: Node) -> Int {
    var record = node.record
    record.file = index(of: node.tree.files[Int(record.file)])
    records.append(record)
    return records.count - 1
  }

  /// Ends a sequence or mapping: all records since it was opened are its descendants.
  package mutating func close(_ index: Int) {
    records[index].size = UInt32(records.count - index)
  }

  package func build() -> NodeTree {
    NodeTree(records: records, text: text, files: files, roots: roots, hasDollars: hasDollars)
  }

  private mutating func index(of file: SourceFile) -> UInt16 {
    if let known = files.firstIndex(where: { $0 === file }) { return UInt16(known) }
    files.append(file)
    return UInt16(files.count - 1)
  }
}
