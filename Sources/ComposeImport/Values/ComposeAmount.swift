import WorkloadSpec

/// Amounts as compose files write them.
enum ComposeAmount {
  /// A length of time, of numbers each with a unit from `ns` to `w`; only `0` needs none. What is shorter than a
  /// millisecond is one.
  static func duration(_ text: String) -> SpecDuration? {
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    if rest.elementsEqual("0".utf8) { return SpecDuration(milliseconds: 0) }
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { ("0"..."9").contains(Unicode.Scalar($0)) || $0 == UInt8(ascii: ".") }
      rest = rest[number.endIndex...]
      let unit = rest.prefix { !("0"..."9").contains(Unicode.Scalar($0)) && $0 != UInt8(ascii: ".") }
      rest = rest[unit.endIndex...]
      guard let amount = decimal(number), let length = String(unit).flatMap({ units[$0] }) else { return nil }
      total += amount * length
    }
    guard total < 3.2e10 else { return nil }
    return SpecDuration(milliseconds: total > 0 ? max(1, Int64(total.rounded())) : 0)
  }

  /// Whether a text is a length of time but for a unit that its last number lacks.
  static func lacksUnit(_ text: String) -> Bool { duration(text) == nil && duration(text + "s") != nil }

  /// Whether a text is a number and nothing else.
  static func isNumber(_ text: String) -> Bool { decimal(text[...].utf8) != nil }

  /// Digits with a point before, behind or between them.
  private static func decimal(_ text: Substring.UTF8View) -> Double? {
    guard let text = String(text) else { return nil }
    return Double(text.hasSuffix(".") && text.count > 1 ? text + "0" : text)
  }

  private static let units = [
    "w": 604_800_000.0, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1, "us": 0.001,
    "\u{B5}s": 0.001, "\u{3BC}s": 0.001, "ns": 0.000_001,
  ]

  /// Whether a number, an amount or a length of time is none at all.
  static func isZero(_ text: String) -> Bool {
    let number = text.prefix { $0.isNumber || $0 == "." }
    return duration(text)?.milliseconds == 0 || (Double(number) == 0 && bytes(text) != nil)
  }

  /// An amount of bytes: `b`, `k`, `m`, `g`, `t` and `p` are powers of 1024, a bare number is bytes. Less than one is
  /// none.
  static func bytes(_ text: String) -> Int64? {
    let lowered = text.lowercased().filter { $0 != " " }
    let number = lowered.prefix { $0.isNumber || $0 == "." }
    var unit = lowered.dropFirst(number.count)
    for suffix in ["ib", "b"] where unit.hasSuffix(suffix) {
      unit = unit.dropLast(suffix.count)
      break
    }
    guard let amount = Double(number), let exponent = ["", "k", "m", "g", "t", "p"].firstIndex(of: unit),
      amount >= 0
    else { return nil }
    let bytes = (0..<exponent).reduce(amount) { product, _ in product * 1024 }
    guard bytes < 9e18 else { return nil }
    return Int64(bytes)
  }

  /// An amount of processor time in thousandths of a core; what is less than one is one, unless it is none.
  static func processors(_ text: String) -> Int64? {
    guard let cores = Double(text), cores >= 0, cores < 1e6 else { return nil }
    return cores == 0 ? 0 : max(1, Int64((cores * 1000).rounded()))
  }
}
