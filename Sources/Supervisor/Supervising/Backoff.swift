/// How long to wait before a process that ended is started again.
struct Backoff: Equatable {
  /// The first wait, in milliseconds.
  static let first: Int64 = 500
  /// The longest wait, in milliseconds.
  static let longest: Int64 = 30_000
  /// How long a process must have run, in milliseconds, for its end to count as the first one again.
  static let forgiven: Int64 = 60_000

  private var next = Backoff.first

  /// The wait after the end of a process that ran this long; each is twice as long as the one before.
  mutating func delay(afterRunning milliseconds: Int64) -> Int64 {
    if milliseconds >= Self.forgiven { next = Self.first }
    defer { next = min(next * 2, Self.longest) }
    return next
  }
}
