/// Where a service is found, as a text of a spec refers to it: `${address.db.5432}`.
///
/// A spec, its digest and its snapshot hold the reference; the provider fills in what it stands for on its engine when it
/// hands the text to a service.
public struct AddressReference: Sendable, Hashable, Comparable {
  /// What of the address is meant.
  public enum Part: String, Sendable, CaseIterable {
    /// Host and port, as `HOST:PORT`.
    case address
    /// The host alone.
    case host
    /// The port alone.
    case port
  }

  /// What of the address is meant.
  public let part: Part
  /// The workload whose service it is; `nil` for the one that refers to it.
  public let workload: String?
  /// The service that is reached at the address.
  public let service: String
  /// The number of its port inside of the instance; `nil` where only the host is meant.
  public let port: Int?

  public init(_ part: Part, of service: String, workload: String? = nil, port: Int?) {
    self.part = part
    self.workload = workload
    self.service = service
    self.port = port
  }

  /// Reads what stands between the braces: `address.db.5432`, `host.cache`, `port.orders/db.5432`.
  public init?(_ name: some StringProtocol) {
    guard let dot = name.firstIndex(of: "."), let part = Part(rawValue: String(name[..<dot])) else {
      return nil
    }
    var place = name[name.index(after: dot)...]
    var port: Int?
    if part != .host {
      guard let last = place.lastIndex(of: "."), let number = Self.port(place[place.index(after: last)...])
      else { return nil }
      port = number
      place = place[..<last]
    }
    let names = place.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(names.count), names.allSatisfy({ DNSLabel.isValid(String($0)) }) else {
      return nil
    }
    self.init(
      part, of: String(names[names.count - 1]), workload: names.count == 2 ? String(names[0]) : nil,
      port: port)
  }

  /// As it stands between the braces.
  public var name: String { "\(part.rawValue).\(place)" + (port.map { ".\($0)" } ?? "") }

  /// The service as it stands between the braces: `db`, `orders/db`.
  public var place: String { (workload.map { "\($0)/" } ?? "") + service }

  /// By name.
  public static func < (left: AddressReference, right: AddressReference) -> Bool { left.name < right.name }

  /// Whether a name is one of a reference, be it a right one or not.
  static func isMeant(by name: String) -> Bool {
    Part.allCases.contains { name.hasPrefix("\($0.rawValue).") }
  }

  /// How references are written.
  static let help =
    "write `${address.SERVICE.PORT}`, `${host.SERVICE}` or `${port.SERVICE.PORT}`; a service of another workload is `WORKLOAD/SERVICE`"

  private static func port(_ text: Substring) -> Int? { port(String(text)) }

  private static func port(_ text: some StringProtocol) -> Int? {
    guard let number = Int(text), String(number) == text, (1...65535).contains(number) else { return nil }
    return number
  }
}
