import Values
import WorkloadSpec
import YAMLNodes

/// A time of day, in minutes: `09:00`, and `24:00` for the end of the day.
public struct TimeOfDay: SpecValue, Hashable, Comparable, CustomStringConvertible {
  /// Minutes since midnight, from 0 to 1440.
  public let minutes: Int

  /// The beginning of the day.
  public static let start = TimeOfDay(minutes: 0)
  /// `24:00`, the midnight at which the day ends.
  public static let end = TimeOfDay(minutes: 1440)

  private init(minutes: Int) { self.minutes = minutes }

  /// Reads `HH:MM`; `nil` if it is none.
  public init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 5, digits[2] == UInt8(ascii: ":"),
      let hours = Digits.number(digits[0..<2]), let minutes = Digits.number(digits[3..<5]), minutes < 60,
      hours * 60 + minutes <= 1440
    else { return nil }
    self.minutes = hours * 60 + minutes
  }

  /// `09:00`.
  public var description: String { Digits.two(minutes / 60) + ":" + Digits.two(minutes % 60) }

  /// By time.
  public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool { left.minutes < right.minutes }

  // MARK: SpecValue

  /// A text from `00:00` to `24:00`, always with two digits each.
  public static var fieldType: FieldType {
    .quantity(
      name: "a time of day", example: "09:00", allowsNumber: false,
      pattern: "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
      measure: { TimeOfDay($0).map { Int64($0.minutes)...Int64($0.minutes) } })
  }

  /// Reads `HH:MM`.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> TimeOfDay? {
    guard let text = String.read(node, by: &decoder) else { return nil }
    if let time = TimeOfDay(text) { return time }
    decoder.report(
      .badPolicyTime, "`\(text)` is not a time of day", at: node,
      help: "write hours and minutes with two digits each, up to `24:00`: `09:00`")
    return nil
  }

  /// `09:00`.
  public var plain: Value { .string(description) }
}

/// Decimal digits of a fixed number.
enum Digits {
  /// The number that digits stand for; `nil` if one is no digit.
  static func number(_ digits: some Collection<UInt8>) -> Int? {
    digits.reduce(0 as Int?) { number, digit in
      guard let number, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      return number * 10 + Int(digit - UInt8(ascii: "0"))
    }
  }

  /// A number with two digits.
  static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
