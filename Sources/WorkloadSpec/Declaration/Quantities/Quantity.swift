import Values
import YAMLNodes

/// An amount of processor time in thousandths of a core, written as Kubernetes does: `500m`, `2`, `1.5`.
public struct CPUQuantity: SpecValue, Hashable, Comparable, CustomStringConvertible {
  /// Thousandths of a core.
  public let millicores: Int64

  /// More would be a mistake: a million cores. Engines count in billionths, of which there must be a number.
  private static let maximum = CPUQuantity(millicores: 1_000_000_000)

  /// An amount of thousandths of a core.
  public init(millicores: Int64) { self.millicores = millicores }

  /// Reads `500m`, `2` or `1.5`.
  public init?(_ text: String) {
    let isMilli = text.utf8.last == UInt8(ascii: "m")
    let digits = isMilli ? text.utf8.dropLast() : text.utf8[...]
    guard let number = Decimal.parse(digits, scale: isMilli ? 0 : 3) else { return nil }
    millicores = number
  }

  /// The shortest way to write it.
  public var description: String {
    millicores % 1000 == 0 ? String(millicores / 1000) : "\(millicores)m"
  }

  /// By amount.
  public static func < (left: CPUQuantity, right: CPUQuantity) -> Bool { left.millicores < right.millicores }

  /// An amount of processor time.
  public static var fieldType: FieldType {
    .quantity(
      name: "an amount of processor time", example: "500m", allowsNumber: true,
      pattern: #"^[0-9]+(m|\.[0-9]{1,3})?$"#,
      measure: { text in CPUQuantity(text).map { $0.millicores...$0.millicores } })
  }

  /// Reads `500m`, `2` or `1.5`.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> CPUQuantity? {
    guard let text = decoder.scalar(node, expecting: fieldType) else { return nil }
    guard let quantity = CPUQuantity(text) else {
      decoder.report(
        .badQuantity, "`\(text)` is not an amount of processor time", at: node,
        help: "write cores (`2`, `0.5`) or thousandths of a core (`500m`)")
      return nil
    }
    if quantity > maximum {
      decoder.report(
        .badQuantity, "`\(text)` is more processor time than any machine has", at: node,
        help: "write cores (`2`, `0.5`) or thousandths of a core (`500m`)")
      return nil
    }
    if quantity.millicores == 0 {
      decoder.report(
        .badQuantity, "no processor time at all", at: node, help: "leave the field out if there is no limit")
      return nil
    }
    return quantity
  }

  /// The shortest way to write it.
  public var plain: Value { .string(description) }
}

/// An amount of memory or storage in bytes, written as Kubernetes does: `256Mi`, `1Gi`, `500M`.
public struct ByteQuantity: SpecValue, Hashable, Comparable, CustomStringConvertible {
  /// How many bytes.
  public let bytes: Int64

  /// An amount of bytes.
  public init(bytes: Int64) { self.bytes = bytes }

  private static func bytes(ofUnit suffix: Substring.UTF8View) -> Int64? {
    let suffix = String(Substring(suffix))
    return ByteAmount.units.first { $0.suffix == suffix }?.bytes
  }

  /// Reads a number with a unit.
  public init?(_ text: String) {
    let number = text.utf8.prefix { $0 < UInt8(ascii: "A") }
    guard let bytesOfUnit = Self.bytes(ofUnit: text.utf8.dropFirst(number.count)),
      let thousandths = Decimal.parse(number, scale: 3)
    else { return nil }
    let (high, low) = thousandths.multipliedFullWidth(by: bytesOfUnit)
    // The quotient fits if the product is less than 1000 · 2^63, which is 500 · 2^64.
    guard high < 500 else { return nil }
    let (quotient, remainder) = Int64(1000).dividingFullWidth((high, low))
    guard remainder == 0, quotient >= 0 else { return nil }
    bytes = quotient
  }

  /// The shortest way to write it.
  public var description: String { ByteAmount.text(bytes) }

  /// By amount.
  public static func < (left: ByteQuantity, right: ByteQuantity) -> Bool { left.bytes < right.bytes }

  /// An amount of bytes.
  public static var fieldType: FieldType {
    .quantity(
      name: "an amount of bytes with its unit", example: "256Mi", allowsNumber: false,
      pattern: "^[0-9]+(\\.[0-9]{1,3})?(\(ByteAmount.units.map(\.suffix).joined(separator: "|")))$",
      measure: { text in ByteQuantity(text).map { $0.bytes...$0.bytes } })
  }

  /// Reads a number with a unit.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> ByteQuantity? {
    guard let text = decoder.scalar(node, expecting: fieldType) else { return nil }
    if let quantity = ByteQuantity(text) {
      if quantity.bytes > 0 { return quantity }
      decoder.report(
        .badQuantity, "no bytes at all", at: node, help: "leave the field out if there is no limit")
      return nil
    }
    decoder.report(
      .badQuantity, "`\(text)` is not an amount of bytes with its unit", at: node, help: help(for: text))
    return nil
  }

  private static func help(for text: String) -> String {
    if let number = Int64(text) {
      return number >= 1 << 20
        ? "a unit is missing: were bytes meant, which is `\(ByteQuantity(bytes: number))`?"
        : "a unit is missing: was `\(number)Mi` meant?"
    }
    let lowered = text.lowercased()
    for unit in ByteAmount.units {
      for spelling in [unit.suffix.lowercased() + "b", unit.suffix.lowercased()]
      where lowered.hasSuffix(spelling) {
        let number = lowered.dropLast(spelling.count).filter { $0 != " " }
        if Decimal.parse(number.utf8, scale: 3) != nil { return "was `\(number)\(unit.suffix)` meant?" }
      }
    }
    return
      "write a number and one of \(ByteAmount.units.map { "`\($0.suffix)`" }.joined(separator: ", ")): `256Mi`"
  }

  /// The shortest way to write it.
  public var plain: Value { .string(description) }
}
