import Values

/// Where a property lies in an object. A stored one is written to its place in memory, for which a key path takes several
/// times as long, and reading sets hundreds of thousands of them.
struct StoredPlace<Root, Value>: Sendable {
  private let path: any WritableKeyPath<Root, Value> & Sendable
  /// The offset in bytes; `nil` of a computed property.
  private let offset: Int?

  /// Where a key path leads.
  init(_ path: any WritableKeyPath<Root, Value> & Sendable) {
    self.path = path
    offset = MemoryLayout<Root>.offset(of: path)
  }

  /// Sets the property.
  @inline(__always)
  func set(_ value: Value, in root: inout Root) {
    guard let offset else { return root[keyPath: path] = value }
    withUnsafeMutableBytes(of: &root) { bytes in
      bytes.baseAddress!.advanced(by: offset).assumingMemoryBound(to: Value.self).pointee = value
    }
  }
}
