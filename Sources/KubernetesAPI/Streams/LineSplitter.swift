/// Cuts bytes that come piece by piece into lines.
struct LineSplitter: Sendable {
  private var pending: [UInt8] = []
  /// The longest line that is put together, in bytes.
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Takes a piece, and gives the lines that it ends, without their line breaks.
  ///
  /// - Throws: ``KubernetesError`` if a line is longer than the limit.
  mutating func add(_ bytes: some Collection<UInt8>) throws -> [[UInt8]] {
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
  mutating func finish() -> [UInt8]? {
    defer { pending = [] }
    return pending.isEmpty ? nil : pending
  }

  private mutating func append(_ bytes: some Collection<UInt8>) throws {
    guard pending.count + bytes.count <= limit else {
      throw KubernetesError("the server sent a line that is longer than \(limit) bytes")
    }
    pending += bytes
  }
}
