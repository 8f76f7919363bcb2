/// What compose makes of a value that is written without quotes where a text is meant: it reads numbers, dates and
/// truth values as such, and writes them down anew. `022` becomes `18`, `1.10` becomes `1.1`.
///
/// It reads as Go's `yaml.v3` resolves scalars, and writes as Go's `fmt.Sprint` does.
enum ComposeNumber {
  /// The text that a service is given for what is written; `nil` if it is the same.
  static func rewritten(_ text: String) -> String? {
    let found = truth(text) ?? date(text) ?? number(text)
    return found == text ? nil : found
  }

  private static func truth(_ text: String) -> String? {
    ["true", "True", "TRUE"].contains(text)
      ? "true" : ["false", "False", "FALSE"].contains(text) ? "false" : nil
  }

  /// A day alone; with a time of day, it is rarely written without quotes.
  private static func date(_ text: String) -> String? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4,
      parts.allSatisfy({ (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit) }),
      let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts[0])-\(padded(month))-\(padded(day)) 00:00:00 +0000 UTC"
  }

  private static func number(_ text: String) -> String? {
    // An underscore may stand anywhere but here.
    text.first == "_" ? nil : integer(text) ?? float(text)
  }

  private static func integer(_ text: String) -> String? {
    var digits = Substring(text.replacing("_", with: ""))
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits = digits.dropFirst() }
    guard let first = digits.utf8.first, isDigit(first) else { return nil }
    var radix = 10
    for (prefix, base) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)]
    where digits.hasPrefix(prefix) {
      digits = digits.dropFirst(2)
      radix = base
    }
    if radix == 10, digits.hasPrefix("0"), digits.utf8.count > 1 { radix = 8 }
    guard digits.first != "+", digits.first != "-", let number = UInt64(digits, radix: radix) else {
      return nil
    }
    guard isNegative else { return "\(number)" }
    return number == 0 ? "0" : number <= Int64.min.magnitude ? "-\(number)" : nil
  }

  private static func float(_ text: String) -> String? {
    let plain = text.replacing("_", with: "")
    guard plain.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil,
      let number = Double(plain.hasSuffix(".") ? plain + "0" : plain), number.isFinite
    else { return nil }
    return shortest(number)
  }

  /// The fewest digits that mean a number, with an exponent below -4 and from 6 on.
  private static func shortest(_ number: Double) -> String {
    guard number != 0 else { return number.sign == .minus ? "-0" : "0" }
    // Swift finds the same digits, and puts the point elsewhere.
    let parts = "\(number.magnitude)".split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let whole = mantissa[0].drop { $0 == "0" }
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    exponent += whole.isEmpty ? -(fraction.prefix { $0 == "0" }.count + 1) : whole.count - 1
    var digits = (whole + fraction).drop { $0 == "0" }
    while digits.count > 1, digits.last == "0" { digits = digits.dropLast() }
    let sign = number < 0 ? "-" : ""
    if exponent < -4 || exponent >= 6 {
      let rest = digits.count > 1 ? "." + digits.dropFirst() : ""
      let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
      return "\(sign)\(digits.first ?? "0")\(rest)e\(exponent < 0 ? "-" : "+")\(size)"
    }
    guard exponent >= 0 else {
      return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)"
    }
    let padded = digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
    let rest = padded.dropFirst(exponent + 1)
    return "\(sign)\(padded.prefix(exponent + 1))\(rest.isEmpty ? "" : ".\(rest)")"
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
