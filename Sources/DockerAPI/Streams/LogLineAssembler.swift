/// Puts the lines together that a container wrote to one stream, of the messages that an engine keeps them in.
///
/// A long line is kept in several messages, each of which begins with its time if times were asked for. A line
/// that is longer than the limit is given in parts.
struct LogLineAssembler: Sendable {
  private let stream: OutputChunk.Stream
  private let hasTimes: Bool
  private let limit: Int

  private var time: EngineTime?
  private var endTime: EngineTime?
  private var line: [UInt8] = []
  private var messages = 0
  /// How many bytes the last message has so far, without its time.
  private var messageLength = 0
  /// The start of a message, as far as it was read, while its time is not complete.
  private var start: [UInt8]?

  /// The length of the longest time, with nanoseconds and an offset.
  private static let longestTime = "2006-01-02T15:04:05.000000000+00:00".utf8.count
  /// How many bytes an engine keeps in one message of a line that goes on.
  private static let fullMessage = 16 * 1024

  /// - Parameter limit: how many bytes of a line are kept together.
  init(stream: OutputChunk.Stream, hasTimes: Bool, limit: Int = 1 << 20) {
    self.stream = stream
    self.hasTimes = hasTimes
    self.limit = limit
  }

  /// Takes a piece, and gives the lines that it ends.
  mutating func add(_ chunk: OutputChunk) -> [ContainerLogLine] {
    var rest = chunk.bytes[...]
    if chunk.beginsMessage {
      messages += 1
      messageLength = 0
      if hasTimes { start = [] }
    }
    if let start {
      guard let text = readTime(of: start + rest) else { return [] }
      rest = text
    }
    messageLength += rest.count
    var lines: [ContainerLogLine] = []
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

  /// The line that was not ended. It goes on if the engine has cut it here.
  mutating func finish() -> ContainerLogLine? {
    line += start ?? []
    start = nil
    return line.isEmpty ? nil : take(goesOn: messageLength == Self.fullMessage)
  }

  private mutating func take(goesOn: Bool) -> ContainerLogLine {
    defer { (line, messages) = ([], 0) }
    return ContainerLogLine(
      stream: stream, time: time, endTime: endTime, bytes: line, goesOn: goesOn, messages: messages)
  }

  /// The text after the time at the start of a message; `nil` if more must be read to tell.
  private mutating func readTime(of message: [UInt8]) -> ArraySlice<UInt8>? {
    guard let blank = message.prefix(Self.longestTime + 1).firstIndex(of: UInt8(ascii: " ")) else {
      start = message.count <= Self.longestTime ? message : nil
      return start == nil ? message[...] : nil
    }
    start = nil
    guard let time = EngineTime(String(decoding: message[..<blank], as: UTF8.self)) else {
      return message[...]
    }
    // A line has the time of its first message.
    if line.isEmpty { self.time = time }
    endTime = time
    return message[(blank + 1)...]
  }
}
