import Planning

/// Which log lines are wanted.
public struct LogQuery: Sendable {
  /// The services; empty means all.
  public var services: Set<String>
  /// The instances; empty means all.
  public var instances: Set<InstanceID>
  /// Only lines written at or after this moment.
  public var since: Timestamp?
  /// Only the last so many lines of each service; `nil` means all that are kept.
  public var tail: Int?
  /// Whether to go on with new lines until cancelled.
  public var follow: Bool

  /// A query.
  public init(
    services: Set<String> = [], instances: Set<InstanceID> = [], since: Timestamp? = nil, tail: Int? = nil,
    follow: Bool = false
  ) {
    self.services = services
    self.instances = instances
    self.since = since
    self.tail = tail
    self.follow = follow
  }
}

/// A line that a service wrote.
public struct LogLine: Sendable, Equatable {
  /// The instance.
  public let instance: InstanceID
  /// The service.
  public let service: String
  /// When it was written.
  public let at: Timestamp
  /// Whether it was written to standard error.
  public let isError: Bool
  /// The text, without its line break; bytes that are not UTF-8 are replaced.
  public let text: String

  /// A line.
  public init(instance: InstanceID, service: String, at: Timestamp, isError: Bool, text: String) {
    self.instance = instance
    self.service = service
    self.at = at
    self.isError = isError
    self.text = text
  }
}
