/// A port that a service listens on.
public struct Port: SpecElement {
  /// The number inside of the instance.
  public var container = 0
  /// The protocol.
  public var `protocol` = TransportProtocol.tcp
  /// The number on the host; one is assigned when not set.
  public var host: Int?
  /// What only one engine knows of it.
  public var on = EngineBlocks()

  /// A port with nothing set.
  public init() {}

  /// Told apart by number and protocol.
  public static let identityFields = ["container", "protocol"]
  /// `8080/tcp`.
  public var identity: String { "\(container)/\(self.protocol.rawValue)" }

  /// By number, then by protocol.
  public func precedes(_ other: Port) -> Bool {
    (container, self.protocol.rawValue) < (other.container, other.protocol.rawValue)
  }

  /// The statement of a port's fields.
  public static let schema = ObjectSchema<Port>(
    "port", "A port that a service listens on.",
    synonyms: [
      "containerPort": "container", "target": "container", "port": "container", "hostPort": "host",
      "published": "host",
    ],
    shorthand: shorthand,
    fields: [
      Field(
        "container", \.container, "the number inside of the instance", required: true,
        rules: [.range(1...65535)]),
      Field("protocol", \.protocol, "the protocol"),
      Field(
        "host", \.host, "the number on the host; without it, one is assigned", rules: [.range(1...65535)]),
      Field("on", \.on, at: .port, "what only one engine knows of it, under the engine's name"),
    ])
}

extension Port {
  /// What `8080`, `80:8080` and `53/udp` mean to other tools.
  @Sendable private static func shorthand(_ text: String) -> String? {
    let halves = text.split(separator: "/", maxSplits: 1)
    let numbers = halves.first?.split(separator: ":").compactMap { Int($0) } ?? []
    guard let container = numbers.last else { return nil }
    var members = ["container: \(container)"]
    if halves.count > 1 { members.append("protocol: \(halves[1])") }
    if numbers.count > 1 { members.append("host: \(numbers[numbers.count - 2])") }
    return "{\(members.joined(separator: ", "))}"
  }
}

/// The protocols of ports.
public enum TransportProtocol: String, SpecChoice {
  /// TCP.
  case tcp
  /// UDP.
  case udp
}
