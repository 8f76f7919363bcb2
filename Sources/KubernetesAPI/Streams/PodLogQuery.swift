/// Which lines of a container are wanted.
public struct PodLogQuery: Sendable, Equatable {
  /// The container; `nil` means the only one.
  public var container: String?
  /// Whether to go on with new lines until the container ends.
  public var follows: Bool
  /// Whether the lines of the container's last run are wanted, not those of this one.
  public var previous: Bool
  /// Only lines written at or after this moment. The server heeds whole seconds.
  public var since: ServerTime?
  /// Only the last so many lines; `nil` means all that are kept.
  public var tail: Int?
  /// Whether each line comes with its time.
  public var times: Bool

  /// A query.
  public init(
    container: String? = nil, follows: Bool = false, previous: Bool = false, since: ServerTime? = nil,
    tail: Int? = nil, times: Bool = false
  ) {
    self.container = container
    self.follows = follows
    self.previous = previous
    self.since = since
    self.tail = tail
    self.times = times
  }
}
