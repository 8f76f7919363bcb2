/// Decimal fractions as whole numbers of a smaller unit.
enum Decimal {
  /// Reads digits with at most `scale` digits after a point, as a whole number of 10^-scale.
  static func parse(_ text: some Sequence<UInt8>, scale: Int) -> Int64? {
    var result: Int64 = 0
    var digits = 0
    var fraction: Int?
    for byte in text {
      if byte == UInt8(ascii: "."), fraction == nil, digits > 0 {
        fraction = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), append(byte, to: &result) else {
        return nil
      }
      digits += 1
      fraction = fraction.map { $0 + 1 }
    }
    guard digits > 0, fraction != 0, fraction ?? 0 <= scale else { return nil }
    for _ in 0..<scale - (fraction ?? 0) {
      guard append(UInt8(ascii: "0"), to: &result) else { return nil }
    }
    return result
  }

  /// Appends a digit, unless the number would grow too large.
  private static func append(_ digit: UInt8, to number: inout Int64) -> Bool {
    let (scaled, overflow) = number.multipliedReportingOverflow(by: 10)
    let (sum, carry) = scaled.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
    number = sum
    return !overflow && !carry
  }

  static func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  }
}
