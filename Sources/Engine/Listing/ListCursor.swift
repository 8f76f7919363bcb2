import Planning
import Values
import WorkloadSpec

/// Where a page of a list begins, as a text that callers hand back without reading it.
public struct ListCursor: Sendable, CustomStringConvertible {
  /// The workload after which the page begins.
  public let key: WorkloadKey

  /// A page that begins after a workload.
  public init(after key: WorkloadKey) { self.key = key }

  /// Lower-case letters and digits.
  public var description: String { Hex.lower(Array(key.description.utf8)) }

  /// Reads a ``description``; `nil` if it is something else.
  public init?(_ text: String) {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    let names = String(decoding: bytes, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    guard names.count == 2, names.allSatisfy(DNSLabel.isValid) else { return nil }
    key = WorkloadKey(namespace: names[0], name: names[1])
  }
}
