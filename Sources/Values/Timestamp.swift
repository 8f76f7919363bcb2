/// A moment, in milliseconds since the beginning of 1970 (UTC).
///
/// Planning never asks for the time: the engine and the commands say when.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// By time.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  /// The moment a while later, but none after the last that there is.
  public static func + (left: Timestamp, right: Duration) -> Timestamp {
    let parts = right.components
    let (sum, overflow) = left.milliseconds.addingReportingOverflow(
      parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
    return Timestamp(milliseconds: overflow ? (right < .zero ? .min : .max) : sum)
  }

  /// The time from one moment to a later one, however far apart what was written down says they are.
  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    .milliseconds(left.milliseconds) - .milliseconds(right.milliseconds)
  }

  /// RFC 3339 in UTC with seconds: `2026-11-21T02:47:00Z`.
  public var description: String {
    let seconds = milliseconds.flooredDivision(by: 1000)
    let days = seconds.flooredDivision(by: 86400)
    let second = Int(seconds - days * 86400)
    let (year, month, day) = Self.civil(fromDays: days)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fourDigits = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
    return
      "\(fourDigits)-\(two(month))-\(two(day))T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
  }

  /// The proleptic Gregorian date of a day, by Howard Hinnant's `civil_from_days`.
  private static func civil(fromDays days: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted.flooredDivision(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
  }
}

extension Int64 {
  /// The quotient, rounded down.
  package func flooredDivision(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
