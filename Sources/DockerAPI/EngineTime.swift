import Values

/// A moment as an engine states it.
package struct EngineTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Whole seconds since 1970-01-01T00:00:00Z.
  package let seconds: Int64
  /// Nanoseconds of the second.
  package let nanoseconds: Int

  /// What engines send for something that has not happened: the first second of the year 1.
  package static let never = EngineTime(seconds: -62_135_596_800)

  package init(seconds: Int64, nanoseconds: Int = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Reads RFC 3339 with up to nine digits of a fraction: `2026-11-21T02:47:00.123456789Z`; `nil` if it is none.
  package init?(_ text: some StringProtocol) {
    guard let time = ServerTime(text) else { return nil }
    self.init(seconds: time.seconds, nanoseconds: time.nanoseconds)
  }

  /// The moment as engines take it in queries: seconds with a fraction, `1795661220.123456789`.
  package var description: String {
    let digits = String(nanoseconds)
    return "\(seconds)." + String(repeating: "0", count: 9 - digits.count) + digits
  }

  package static func < (left: EngineTime, right: EngineTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

extension EngineTime: Decodable {
  /// Reads a moment; what is empty or can't be read is ``never``, since engines leave some out.
  package init(from decoder: any Decoder) throws {
    self = EngineTime(try decoder.singleValueContainer().decode(String.self)) ?? .never
  }
}
