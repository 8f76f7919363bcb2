import Values
import YAMLNodes

/// The number of a port, or a range of them: `8080`, `3000-3005`.
public struct PortNumbers: SpecValue, Hashable {
  /// The lowest port of the range.
  public var first: Int
  /// The last; the first, of one number.
  public var last: Int

  /// One number.
  public init(_ number: Int) { (first, last) = (number, number) }

  public init(_ range: ClosedRange<Int>) { (first, last) = (range.lowerBound, range.upperBound) }

  /// How many.
  public var count: Int { last - first + 1 }

  /// The numbers that ports have.
  static let all = 1...65535
  private static let rules = [Rule<Int>.range(all)]

  /// A number, or a range.
  public static var fieldType: FieldType {
    .quantity(
      name: "a port number, or a range of them", example: "8080", allowsNumber: true,
      pattern: "^[0-9]{1,5}(-[0-9]{1,5})?$",
      measure: { text in Self.ends(of: text).map { Int64($0.lowerBound)...Int64($0.upperBound) } })
  }

  /// The first and the last number of a range, which may be the same; `nil` if a text is neither a number nor a range.
  private static func ends(of text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
      ends.count == 1 || text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") })
    else { return nil }
    return first...last
  }

  /// Reads `8080` or `3000-3005`.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> PortNumbers? {
    let hyphen = UInt8(ascii: "-")
    let record = node.record
    let start = Int(record.textStart)
    guard record.kind == .scalar,
      record.flags.contains(.dollar)
        || node.tree.text[start..<start + Int(record.textCount)].dropFirst().contains(hyphen)
    else {
      return Int.read(node, by: &decoder).flatMap { number in
        decoder.check(number, rules, at: node)
        return PortNumbers(number)
      }
    }
    guard let text = decoder.scalar(node, expecting: fieldType) else { return nil }
    guard let ends = Self.ends(of: text) else {
      decoder.report(
        .badInteger, "`\(text)` is neither a port number nor a range of them", at: node,
        help: "write it as `8080` or `3000-3005`")
      return nil
    }
    let (first, last) = (ends.lowerBound, ends.upperBound)
    guard all.contains(first), all.contains(last) else {
      decoder.report(
        .outOfRange, "\(all.contains(first) ? last : first) is out of range", at: node,
        help: "it must be between 1 and 65535")
      return nil
    }
    return PortNumbers(ends)
  }

  /// The number, or the range.
  public var plain: Value { count == 1 ? .int(Int64(first)) : .string("\(first)-\(last)") }
}
