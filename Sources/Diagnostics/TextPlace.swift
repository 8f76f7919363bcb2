/// A place in a text, found from its offset.
package struct TextPlace {
  /// Counted from 1.
  package let line: Int
  /// Counted from 1, in Unicode scalars.
  package let column: Int

  package init(offset: Int, in bytes: some RandomAccessCollection<UInt8>) {
    let before = bytes.prefix(max(0, offset))
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
    // A byte that continues a scalar does not count.
    column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
  }
}
