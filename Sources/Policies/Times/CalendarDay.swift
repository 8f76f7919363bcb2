import Values
import WorkloadSpec
import YAMLNodes

/// A day of the calendar, in UTC: `2027-01-31`.
public struct CalendarDay: SpecValue, Hashable, Comparable, CustomStringConvertible {
  /// The day as RFC 3339 has it. Such texts are ordered as the days are.
  public let description: String

  /// Reads `YYYY-MM-DD`; `nil` if there is no such day.
  public init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
      let year = Digits.number(digits[0..<4]), let month = Digits.number(digits[5..<7]),
      let day = Digits.number(digits[8..<10]), (1...12).contains(month), day >= 1,
      day <= Self.length(ofMonth: month, of: year)
    else { return nil }
    description = text
  }

  /// Whether the day is over at a moment.
  public func isOver(at now: Timestamp) -> Bool { String(now.description.prefix(10)) > description }

  /// By time.
  public static func < (left: CalendarDay, right: CalendarDay) -> Bool {
    left.description < right.description
  }

  private static func length(ofMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // MARK: SpecValue

  /// A text such as `2027-01-31`; that the month has such a day is checked when it is read.
  public static var fieldType: FieldType {
    .quantity(
      name: "a day", example: "2027-01-31", allowsNumber: false, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
      measure: { _ in nil })
  }

  /// Reads `YYYY-MM-DD`.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> CalendarDay? {
    guard let text = String.read(node, by: &decoder) else { return nil }
    if let day = CalendarDay(text) { return day }
    decoder.report(
      .badPolicyTime, "`\(text)` is not a day of the calendar", at: node,
      help: "write year, month and day: `2027-01-31`")
    return nil
  }

  /// `2027-01-31`.
  public var plain: Value { .string(description) }
}
