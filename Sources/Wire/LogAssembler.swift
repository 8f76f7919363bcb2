import Values

/// Cuts what a server sends of a log into lines, and takes their times off. A line that is longer
/// than the limit is given in parts.
package struct LogAssembler: Sendable {
  private let hasTimes: Bool
  private let limit: Int
  private var line: [UInt8] = []
  /// Whether parts of this line were given.
  private var isContinued = false

  /// The length of the longest time, with nanoseconds and an offset.
  private static let longestTime = "2006-01-02T15:04:05.000000000+00:00".utf8.count

  /// An assembler.
  ///
  /// - Parameters:
  ///   - hasTimes: whether each line begins with its time.
  ///   - limit: how many bytes of a line are kept together.
  package init(hasTimes: Bool, limit: Int = 1 << 20) {
    self.hasTimes = hasTimes
    self.limit = max(limit, Self.longestTime + 1)
  }

  /// Takes a piece, and gives the lines that it ends.
  package mutating func add(_ bytes: some Collection<UInt8>) -> [LoggedLine] {
    var lines: [LoggedLine] = []
    var rest = bytes[...]
    while let next = rest.first {
      if next == UInt8(ascii: "\n") {
        rest = rest.dropFirst()
        lines.append(take(goesOn: false))
        continue
      }
      // Only what goes beyond the limit cuts a line: its end may come with the next piece.
      if line.count == limit { lines.append(take(goesOn: true)) }
      let part = rest.prefix(limit - line.count).prefix { $0 != UInt8(ascii: "\n") }
      line += part
      rest = rest.dropFirst(part.count)
    }
    return lines
  }

  /// The line that was not ended.
  package mutating func finish() -> LoggedLine? { line.isEmpty ? nil : take(goesOn: false) }

  private mutating func take(goesOn: Bool) -> LoggedLine {
    defer {
      line = []
      isContinued = goesOn
    }
    guard hasTimes, !isContinued,
      let blank = line.prefix(Self.longestTime + 1).firstIndex(of: UInt8(ascii: " ")),
      let time = ServerTime(String(decoding: line[..<blank], as: UTF8.self))
    else { return LoggedLine(time: nil, bytes: line, goesOn: goesOn) }
    return LoggedLine(time: time, bytes: Array(line[(blank + 1)...]), goesOn: goesOn)
  }
}
