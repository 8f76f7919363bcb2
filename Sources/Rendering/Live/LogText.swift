import Planning

/// Lines that services wrote, each with its origin in front: `0.api | listening on 8080`.
///
/// An origin has the same colour in every run and on every machine.
public struct LogText: Sendable {
  private let style: TextStyle
  private let width: Int
  private static let inks = ["36", "33", "32", "35", "34", "96", "93", "92", "95", "94"]

  /// Renders the lines of some services, with room for the longest of their origins.
  ///
  /// - Parameter services: the services of the instances whose lines are expected.
  public init(services: [(instance: InstanceID, service: String)], style: TextStyle) {
    self.style = style
    width = services.map { DisplayWidth.of(Self.origin($0.instance, $0.service)) }.max() ?? 0
  }

  /// A line, with its line break.
  ///
  /// - Parameters:
  ///   - text: what the service wrote, without a line break.
  ///   - at: when it did; `nil` leaves that out.
  public func line(
    _ text: String, of service: String, in instance: InstanceID, at: Timestamp? = nil
  ) -> String {
    let origin = Self.origin(instance, service)
    var head = "\(origin.padded(to: width)) |"
    if style.colour {
      let ink = Self.inks[Int(StableHash.of(origin) % UInt64(Self.inks.count))]
      head = "\u{1B}[\(ink)m\(head)\u{1B}[0m"
    }
    let moment = at.map { style.paint("\($0)", .faint) + " " } ?? ""
    let safe = text.split(separator: "\t", omittingEmptySubsequences: false).map { SafeText.line($0) }
    return "\(head) \(moment)\(safe.joined(separator: "\t"))".trimmingEnd() + "\n"
  }

  private static func origin(_ instance: InstanceID, _ service: String) -> String {
    "\(instance).\(SafeText.line(service))"
  }
}
