import YAMLNodes

/// A port that a service listens on.
public struct Port: SpecElement {
  /// The number inside of the instance; until a list is read to its end, perhaps several.
  var containers = PortNumbers(0)
  /// The protocol that the service speaks on the port.
  public var `protocol` = TransportProtocol.tcp
  /// The number on the host, for each one inside of the instance.
  var hosts: PortNumbers?
  /// The address of the host; all of them when not set.
  public var address: String?
  /// What only one engine knows of it.
  public var on = EngineBlocks()

  /// A port with nothing set.
  public init() {}

  /// The number inside of the instance.
  public var container: Int {
    get { containers.first }
    set { containers = PortNumbers(newValue) }
  }

  /// The number on the host; one is assigned when not set.
  public var host: Int? {
    get { hosts?.first }
    set { hosts = newValue.map { PortNumbers($0) } }
  }

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
      "published": "host", "host_ip": "address", "hostIP": "address",
    ],
    shorthand: shorthand,
    fields: [
      Field(
        "container", \.containers,
        "the number inside of the instance; a range such as `3000-3005` stands for as many ports",
        required: true),
      Field("protocol", \.protocol, "the protocol"),
      Field(
        "host", \.hosts,
        "the number on the host, of a range one for each; without it, one is assigned"),
      Field(
        "address", \.address, "the address of the host; without it, all addresses that the host has",
        rules: [.address]),
      Field("on", \.on, at: .port, "what only one engine knows of it, under the engine's name"),
    ])
}

extension Port {
  /// Reads ports; a range stands for as many of them.
  public static func readList(_ node: Node, by decoder: inout SpecDecoder) -> [Port]? {
    guard let ports = readElements(node, by: &decoder) else { return nil }
    guard ports.contains(where: { $0.containers.count > 1 || $0.hosts.map { $0.count > 1 } == true }) else {
      return ports
    }
    return readRanges(ports, node, by: &decoder)
  }

  private static func readRanges(_ ports: [Port], _ node: Node, by decoder: inout SpecDecoder) -> [Port]? {
    var single: [Port] = []
    for port in ports {
      if let hosts = port.hosts, hosts.count != port.containers.count {
        decoder.report(
          .portRange,
          "a port range has \(port.containers.count) numbers inside of the instance and \(hosts.count) on the host",
          at: node, help: "write as many in `host` as in `container`")
        return nil
      }
      for offset in 0..<port.containers.count {
        var one = port
        one.container = port.containers.first + offset
        one.host = port.hosts.map { $0.first + offset }
        single.append(one)
      }
    }
    single.sort { $0.precedes($1) }
    for (earlier, later) in zip(single, single.dropFirst()) where earlier.identity == later.identity {
      decoder.report(
        .portRange, "two of the port ranges have the port \(later.identity)", at: node,
        help: "have the ranges end before the next begins")
      return nil
    }
    return decoder.checkCount(single.count, at: node) ? single : nil
  }
}

extension Port {
  /// What `8080`, `80:8080`, `127.0.0.1:80:8080` and `53/udp` mean to other tools.
  @Sendable private static func shorthand(_ text: String) -> String? {
    let halves = text.split(separator: "/", maxSplits: 1)
    // An address of IPv6 has colons of its own.
    let parts = (halves.first ?? "").split(separator: ":", omittingEmptySubsequences: false)
    guard let container = parts.last, isNumbers(container) else { return nil }
    var members = ["container: \(container)"]
    if halves.count > 1 { members.append("protocol: \(halves[1])") }
    if parts.count > 1, isNumbers(parts[parts.count - 2]) {
      members.append("host: \(parts[parts.count - 2])")
    }
    if parts.count > 2 {
      let address = parts.dropLast(2).joined(separator: ":").filter { $0 != "[" && $0 != "]" }
      guard IPAddress.isValid(address) else { return nil }
      members.append("address: " + (address.contains(":") ? "\"\(address)\"" : address))
    }
    return "{\(members.joined(separator: ", "))}"
  }

  /// Whether a text is `80` or `80-90`.
  private static func isNumbers(_ text: Substring) -> Bool {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    return ends.count <= 2 && ends.allSatisfy { Int($0).map { $0 >= 0 } ?? false }
  }
}

/// The protocols of ports.
public enum TransportProtocol: String, SpecChoice {
  /// Connections (TCP): what a port without a protocol is for.
  case tcp
  /// Datagrams (UDP).
  case udp
}
