import WorkloadSpec

/// Amounts as compose files write them.
enum ComposeAmount {
  /// A length of time with units from `us` to `h`, or a bare number of nanoseconds. What is shorter than a
  /// millisecond is one.
  static func duration(_ text: String) -> SpecDuration? {
    if let duration = SpecDuration(text) { return duration }
    var total = 0.0
    var rest = text[...]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let amount = Double(number), let length = units[String(unit)] else { return nil }
      total += amount * length
    }
    guard total >= 0, total < 3.2e10 else { return nil }
    return SpecDuration(milliseconds: total > 0 ? max(1, Int64(total.rounded())) : 0)
  }

  private static let units = [
    "h": 3_600_000.0, "m": 60_000, "s": 1000, "ms": 1, "us": 0.001, "µs": 0.001, "ns": 0.000_001,
    "d": 86_400_000, "": 0.000_001,
  ]

  /// An amount of bytes: `b`, `k`, `m`, `g`, `t` and `p` are powers of 1024, a bare number is bytes.
  static func bytes(_ text: String) -> ByteQuantity? {
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
    guard bytes >= 1, bytes < 9e18 else { return nil }
    return ByteQuantity(bytes: Int64(bytes))
  }

  /// An amount of processor time in cores; what is less than a thousandth is one.
  static func processors(_ text: String) -> CPUQuantity? {
    guard let cores = Double(text), cores > 0, cores < 1e6 else { return nil }
    return CPUQuantity(millicores: max(1, Int64((cores * 1000).rounded())))
  }
}
