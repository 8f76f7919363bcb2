import Diagnostics

/// The nodes of one or more YAML documents, in one flat array in document order.
///
/// A node's children follow it directly, and `size` counts the node with all of its descendants, so that
/// walking needs no pointers and copying a subtree is copying a run of records. That, and scalars that stay bytes
/// until a caller asks for a string, keeps reading near libyaml's own speed.
public final class NodeTree: Sendable {
  @usableFromInline package let records: ContiguousArray<NodeRecord>
  @usableFromInline package let text: ContiguousArray<UInt8>
  /// The files that the nodes came from.
  public let files: [SourceFile]
  /// The index of the root node of each document; an empty document has none.
  let roots: [Int]
  /// Whether any scalar holds a `$`.
  let hasDollars: Bool

  init(
    records: ContiguousArray<NodeRecord>, text: ContiguousArray<UInt8>, files: [SourceFile], roots: [Int],
    hasDollars: Bool
  ) {
    self.hasDollars = hasDollars
    self.records = records
    self.text = text
    self.files = files
    self.roots = roots
  }

  /// The root of each document, in order; an empty document has a null one.
  public var documents: [Node] { roots.map { Node(tree: self, index: $0) } }
}

/// The kinds of nodes that YAML has; an alias is a copy of the node that it names.
public enum NodeKind: UInt8, Sendable {
  /// A single value.
  case scalar
  /// An ordered list of nodes.
  case sequence
  /// Keys with values.
  case mapping
}

/// One node in a ``NodeTree``.
@usableFromInline
package struct NodeRecord: Sendable {
  @usableFromInline
  package struct Flags: OptionSet, Sendable {
    @usableFromInline package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Written without quotes, so `null`, `true` and numbers may be meant.
    @inlinable package static var plain: Flags { Flags(rawValue: 1) }
    /// Holds a `$`, so interpolation must look at it.
    @inlinable package static var dollar: Flags { Flags(rawValue: 2) }
    /// Tagged `!!str`: text, whatever it looks like.
    @inlinable package static var text: Flags { Flags(rawValue: 4) }
    /// Tagged `!reset`.
    @inlinable package static var reset: Flags { Flags(rawValue: 8) }
    /// Tagged `!override`.
    @inlinable package static var override: Flags { Flags(rawValue: 16) }
  }

  @usableFromInline package var kind: NodeKind
  @usableFromInline package var flags: Flags = []
  /// An index into the tree's files.
  @usableFromInline package var file: UInt16 = 0
  /// Counted from 1.
  @usableFromInline package var line: UInt32
  /// Counted from 1, in Unicode scalars.
  @usableFromInline package var column: UInt32
  /// One past the last column if the node ends on the line it starts on, else 0.
  @usableFromInline package var endColumn: UInt32 = 0
  /// Where a scalar's text starts in the tree's text.
  @usableFromInline package var textStart: UInt32 = 0
  /// How many bytes of text a scalar has.
  @usableFromInline package var textCount: UInt32 = 0
  /// This node and all of its descendants.
  @usableFromInline package var size: UInt32 = 1
}
