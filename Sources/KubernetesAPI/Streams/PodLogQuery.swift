import Values

/// Which lines of a container are wanted.
package struct PodLogQuery: Sendable, Equatable {
  /// The container; `nil` means the only one.
  package var container: String?
  /// Whether to go on with new lines until the container ends.
  package var follows: Bool
  /// Whether the lines of the container's last run are wanted, not those of this one.
  package var previous: Bool
  /// Only lines written at or after this moment. The server heeds whole seconds.
  package var since: ServerTime?
  /// Only the last so many lines; `nil` means all that are kept.
  package var tail: Int?
  /// Whether each line comes with its time.
  package var times: Bool

  package init(
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
