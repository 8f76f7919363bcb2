/// A path in a form in which what lies inside of a folder follows it directly: the parts, each after a zero
/// byte, which no part has and which sorts first. Specs hold thousands of paths.
struct ComparablePath: Comparable {
  private var bytes: [UInt8] = []

  init(_ path: String) {
    bytes.reserveCapacity(path.utf8.count + 1)
    var start = 0
    for byte in path.utf8 {
      if byte == UInt8(ascii: "/") {
        dropEmptyPart(from: start)
        start = bytes.count
        bytes.append(0)
      } else {
        if bytes.isEmpty { bytes.append(0) }
        bytes.append(byte)
      }
    }
    dropEmptyPart(from: start)
  }

  /// Drops the last part if it leads nowhere: nothing, or a dot.
  private mutating func dropEmptyPart(from start: Int) {
    let part = bytes[start...].dropFirst()
    if part.isEmpty || part.elementsEqual([UInt8(ascii: ".")]) { bytes.removeSubrange(start...) }
  }

  /// Whether it is a path below another one.
  func isInside(_ other: ComparablePath) -> Bool {
    bytes.count > other.bytes.count && bytes[other.bytes.count] == 0 && bytes.starts(with: other.bytes)
  }

  static func < (left: ComparablePath, right: ComparablePath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
