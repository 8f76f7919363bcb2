/// Cuts bytes that come piece by piece into lines.
package struct LineSplitter: Sendable {
  private var pending: [UInt8] = []
  private let limit: Int
  private let tooLong: @Sendable (_ limit: Int) -> any Error

  /// A splitter.
  ///
  /// - Parameters:
  ///   - limit: the longest line that is put together, in bytes.
  ///   - tooLong: the error about a longer one.
  package init(limit: Int, tooLong: @escaping @Sendable (_ limit: Int) -> any Error) {
    self.limit = limit
    self.tooLong = tooLong
  }

  /// Takes a piece, and gives the lines that it ends, without their line breaks.
  ///
  /// - Throws: what `tooLong` makes, if a line is longer than the limit.
  package mutating func add(_ bytes: some Collection<UInt8>) throws -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      try append(rest[..<end])
      if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
      lines.append(pending)
      pending = []
      rest = rest[rest.index(after: end)...]
    }
    try append(rest)
    return lines
  }

  /// What is left when nothing more comes; `nil` if the last line was ended.
  package mutating func finish() -> [UInt8]? {
    defer { pending = [] }
    return pending.isEmpty ? nil : pending
  }

  private mutating func append(_ bytes: some Collection<UInt8>) throws {
    guard pending.count + bytes.count <= limit else {
      throw tooLong(limit)
    }
    pending += bytes
  }
}
