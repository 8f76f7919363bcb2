/// A number as a cluster writes it in what it measures: `250m`, `12345678n`, `134Mi`, `1e3`.
enum MeasuredQuantity {
  private static let factors: [String: Double] = [
    "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 0x1p10, "Mi": 0x1p20, "Gi": 0x1p30, "Ti": 0x1p40, "Pi": 0x1p50, "Ei": 0x1p60,
  ]

  /// The number; `nil` if it is none, or less than nothing.
  static func read(_ text: String) -> Double? {
    let suffix = String(text.reversed().prefix { $0.isLetter }.reversed())
    // A lone `e` or `E` within digits is an exponent.
    guard let factor = factors[suffix], let number = Double(text.dropLast(suffix.count)), number >= 0 else {
      return nil
    }
    return number * factor
  }
}
