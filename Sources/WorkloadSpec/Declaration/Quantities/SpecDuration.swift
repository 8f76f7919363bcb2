import Values
import YAMLNodes

/// A length of time in milliseconds, written as Go does: `10s`, `1m30s`, `1.5h`, `250ms`.
public struct SpecDuration: SpecValue, Hashable, Comparable, CustomStringConvertible {
  /// How many milliseconds.
  public let milliseconds: Int64

  /// A length of time.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// A whole number of seconds; one that is too large becomes the longest time there is.
  public static func seconds(_ seconds: Int64) -> SpecDuration {
    let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return SpecDuration(milliseconds: overflow ? (seconds < 0 ? .min : .max) : milliseconds)
  }

  /// The same as Swift's own type has it.
  public var duration: Duration { .milliseconds(milliseconds) }

  /// What waiting longer than would be a mistake: a year.
  private static let maximum: Int64 = 366 * 24 * 3_600_000

  /// Reads numbers with units, each unit once, large to small or not.
  public init?(_ text: String) {
    var rest = text.utf8[...]
    var total: Int64 = 0
    var seen = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0 < UInt8(ascii: "A") }
      let unit = rest.dropFirst(number.count).prefix { $0 >= UInt8(ascii: "A") }
      rest = rest.dropFirst(number.count + unit.count)
      guard let (place, length) = Self.unit(unit), seen & (1 << place) == 0,
        let thousandths = Decimal.parse(number, scale: 3)
      else { return nil }
      seen |= 1 << place
      let (product, overflow) = thousandths.multipliedReportingOverflow(by: length)
      guard !overflow, product % 1000 == 0 else { return nil }
      total += product / 1000
      guard total <= Self.maximum else { return nil }
    }
    milliseconds = total
  }

  /// A unit's place among the units, and how many milliseconds it has.
  private static func unit(_ text: Substring.UTF8View) -> (place: Int, milliseconds: Int64)? {
    switch (text.first, text.count) {
    case (UInt8(ascii: "h"), 1): (3, 3_600_000)
    case (UInt8(ascii: "m"), 1): (2, 60_000)
    case (UInt8(ascii: "s"), 1): (1, 1000)
    case (UInt8(ascii: "m"), 2): text.last == UInt8(ascii: "s") ? (0, 1) : nil
    default: nil
    }
  }

  /// As Go writes it, without parts that are zero.
  public var description: String { TimeSpan.text(milliseconds: milliseconds) }

  /// By length.
  public static func < (left: SpecDuration, right: SpecDuration) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// A length of time.
  public static var fieldType: FieldType {
    .quantity(
      name: "a length of time with its unit", example: "10s", allowsNumber: false,
      pattern: #"^([0-9]+(\.[0-9]{1,3})?(h|ms|m|s))+$"#,
      measure: { text in SpecDuration(text).map { $0.milliseconds...$0.milliseconds } })
  }

  /// Reads numbers with units.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> SpecDuration? {
    guard let text = decoder.scalar(node, expecting: fieldType) else { return nil }
    if let duration = SpecDuration(text) { return duration }
    let isNumber = Decimal.parse(text.utf8, scale: 3) != nil
    decoder.report(
      .badDuration, "`\(text)` is not a length of time with its unit", at: node,
      help: isNumber
        ? "a unit is missing: was `\(text)s` meant?"
        : "write numbers with `h`, `m`, `s` or `ms`: `10s`, `1m30s`")
    return nil
  }

  /// As Go writes it.
  public var plain: Value { .string(description) }
}
