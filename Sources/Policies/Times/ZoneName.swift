import Foundation
import Values
import WorkloadSpec
import YAMLNodes

/// A time zone by its name in the IANA database: `Europe/Berlin`.
public struct ZoneName: SpecValue, CustomStringConvertible {
  private let zone: TimeZone

  /// The time without a zone.
  public static let utc = ZoneName(zone: .gmt)

  private init(zone: TimeZone) { self.zone = zone }

  /// The zone with a name; `nil` if there is none.
  public init?(_ name: String) {
    if name == "UTC" {
      self = .utc
    } else {
      // Abbreviations such as `IST` mean several zones.
      guard name.contains("/"), name.utf8.allSatisfy(Self.isNameByte), let zone = TimeZone(identifier: name)
      else { return nil }
      self.zone = zone
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "/_+-".utf8.contains(byte)
  }

  /// The name in the IANA database, or `UTC`.
  public var description: String { self == .utc ? "UTC" : zone.identifier }

  /// Milliseconds since 1970 as the clocks of the zone show them at a moment.
  func local(_ now: Timestamp) -> Int64 {
    let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.milliseconds) / 1000))
    return (now + .seconds(offset)).milliseconds
  }

  // MARK: SpecValue

  /// A text.
  public static var fieldType: FieldType { .string }

  /// Reads `Europe/Berlin` or `UTC`; a zone that this machine's database lacks, and an abbreviation, are reported.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> ZoneName? {
    guard let text = String.read(node, by: &decoder) else { return nil }
    if let zone = ZoneName(text) { return zone }
    decoder.report(
      .badPolicyTime, "there is no time zone `\(text)`", at: node,
      help: "write a name of the IANA database, such as `Europe/Berlin`, or `UTC`")
    return nil
  }

  /// The name as a text, as ``description`` has it.
  public var plain: Value { .string(description) }
}
