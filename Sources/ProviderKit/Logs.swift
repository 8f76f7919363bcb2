import Planning
import Values

/// Which log lines are wanted.
public struct LogQuery: Sendable {
  /// The services; empty means all.
  public var services: Set<String>
  /// The instances, each by its name or the number of its place; empty means all.
  public var instances: Set<String>
  /// Only lines written at or after this moment.
  public var since: Timestamp?
  /// Only the last so many lines of each service; `nil` means all that are kept.
  public var tail: Int?
  /// Whether to go on with new lines until cancelled.
  public var follow: Bool

  public init(
    services: Set<String> = [], instances: Set<String> = [], since: Timestamp? = nil, tail: Int? = nil,
    follow: Bool = false
  ) {
    self.services = services
    self.instances = instances
    self.since = since
    self.tail = tail
    self.follow = follow
  }

  /// Whether the lines of a service of an instance are wanted.
  public func wants(_ service: String, of instance: InstanceID) -> Bool {
    (services.isEmpty || services.contains(service))
      && (instances.isEmpty || instances.contains { instance.isMeant(by: $0) })
  }
}

/// A line that a service wrote, or a part of one that is longer than ``LogLine/maximumLength``.
public struct LogLine: Sendable, Equatable {
  /// How many bytes are kept together before the end of their line is known: 1 MiB. What is longer comes in parts.
  public static let maximumLength = 1 << 20

  /// The instance that wrote the line.
  public let instance: InstanceID
  /// The service that wrote the line.
  public let service: String
  /// When it was written.
  public let at: Timestamp
  /// Whether it was written to standard error.
  public let isError: Bool
  /// What was written, byte by byte, without its line break.
  public private(set) var bytes: [UInt8]
  /// Whether the line goes on with the next one of the same service and stream.
  public private(set) var goesOn: Bool

  public init(
    instance: InstanceID, service: String, at: Timestamp, isError: Bool, bytes: [UInt8], goesOn: Bool = false
  ) {
    self.instance = instance
    self.service = service
    self.at = at
    self.isError = isError
    self.bytes = bytes
    self.goesOn = goesOn
  }

  /// The line as text: bytes that are not UTF-8 are replaced, and a carriage return before the line break is left out.
  public var text: String {
    String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }

  /// Takes the next part of the same line.
  fileprivate mutating func append(_ part: LogLine) {
    bytes += part.bytes
    goesOn = part.goesOn
  }
}

/// Puts the parts of one service's lines together.
public struct LogLineJoiner: Sendable {
  /// What was begun, by whether it was written to standard error.
  private var begun: [Bool: LogLine] = [:]

  /// Without anything begun.
  public init() {}

  /// Takes a line or a part of one.
  ///
  /// - Returns: the line, if that is its end, or if it is as long as what is kept together; `nil` before that.
  public mutating func add(_ part: LogLine) -> LogLine? {
    var line = part
    if var start = begun.removeValue(forKey: part.isError) {
      start.append(part)
      line = start
    }
    if line.goesOn, line.bytes.count < LogLine.maximumLength {
      begun[part.isError] = line
      return nil
    }
    return line
  }

  /// What was begun and is not ended, with nothing begun after it.
  public mutating func takeBegun() -> [LogLine] {
    defer { begun = [:] }
    return begun.values.sorted { ($0.at, $0.isError ? 1 : 0) < ($1.at, $1.isError ? 1 : 0) }
  }
}

extension [LogLine] {
  /// The last so many lines of one service, each with all its parts.
  public func last(lines count: Int) -> [LogLine] {
    var left = count
    var start = endIndex
    while start > startIndex {
      let end = self[start - 1]
      // The last part of a line, or one that is not ended yet, stands for the line.
      if !end.goesOn || start == endIndex {
        if left == 0 { break }
        left -= 1
      }
      start -= 1
    }
    return Array(self[start...])
  }
}
