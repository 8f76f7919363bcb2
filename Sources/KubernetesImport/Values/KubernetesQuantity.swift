/// Amounts as Kubernetes writes them: `500m`, `0.5`, `128Mi`, `1e3`, `129M`.
enum KubernetesQuantity {
  private static let units: [String: (base: Int128, exponent: Int)] = [
    "n": (10, -9), "u": (10, -6), "m": (10, -3), "": (10, 0), "k": (10, 3), "M": (10, 6), "G": (10, 9),
    "T": (10, 12), "P": (10, 15), "E": (10, 18), "Ki": (2, 10), "Mi": (2, 20), "Gi": (2, 30), "Ti": (2, 40),
    "Pi": (2, 50), "Ei": (2, 60),
  ]

  /// An amount in thousandths, rounded up as Kubernetes does; `nil` if it is none, is negative or has no number.
  static func thousandths(_ text: String) -> Int64? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, number.contains(where: \.isNumber), number.count <= 20,
      let mantissa = Int128(parts.joined()), var unit = unit(text.dropFirst(number.count))
    else { return nil }
    var amount = mantissa * 1000
    var divisor: Int128 = 1
    for _ in 0..<(parts.count > 1 ? parts[1].count : 0) { divisor *= 10 }
    while unit.exponent < 0 {
      divisor *= unit.base
      unit.exponent += 1
    }
    while unit.exponent > 0 {
      let (product, overflow) = amount.multipliedReportingOverflow(by: unit.base)
      guard !overflow else { return nil }
      amount = product
      unit.exponent -= 1
    }
    return Int64(exactly: (amount + divisor - 1) / divisor)
  }

  /// What is behind the number: a unit, or an exponent.
  private static func unit(_ suffix: Substring) -> (base: Int128, exponent: Int)? {
    if let unit = units[String(suffix)] { return unit }
    guard let first = suffix.first, first == "e" || first == "E", let exponent = Int(suffix.dropFirst()),
      (-18...18).contains(exponent)
    else { return nil }
    return (10, exponent)
  }

  /// An amount in whole units, rounded up.
  static func whole(_ text: String) -> Int64? { thousandths(text).map { ($0 + 999) / 1000 } }
}
