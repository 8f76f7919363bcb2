import WorkloadSpec

extension ServiceImport {
  /// How many ports one entry may stand for.
  private static var maximumRange: Int { 1000 }

  /// The ports that the service publishes.
  mutating func readPorts(_ node: ComposeNode) {
    for element in elements(node, for: "ports") {
      if element.entries != nil {
        readLongPort(element)
      } else if let text = text(element, for: "ports") {
        readShortPort(text, at: element.location)
      }
    }
  }

  /// `[[address:]host:]container[/protocol]`, each of the numbers perhaps a range.
  private mutating func readShortPort(_ text: ComposeText, at location: SourceLocation) {
    let halves = text.split("/", maxSplits: 1)
    let transport = halves.count > 1 ? filled(halves[1], for: "ports", at: location) : "tcp"
    let container: ComposeText
    var host: ComposeText?
    if let (rest, last) = halves[0].splitAtLast(":") {
      container = last
      // What is in front of the last colon but one is an address, perhaps one in brackets.
      if let (address, number) = rest.splitAtLast(":") {
        host = number
        reportAddress(filled(address, for: "ports", at: location), at: location)
      } else if rest.resolved.contains(".") {
        reportAddress(filled(rest, for: "ports", at: location), at: location)
      } else {
        host = rest
      }
    } else {
      container = halves[0]
    }
    addPorts(container: container, host: host, transport, at: location)
  }

  private mutating func readLongPort(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "ports", read: ["target", "published", "protocol", "host_ip"],
      lost: [
        "mode": "a port is published on the machine of its instance",
        "name": "a port is told apart by its number and protocol",
        "app_protocol": "a port is `tcp` or `udp`",
      ])
    guard let target = node["target"].flatMap({ text($0, for: "target") }) else {
      return invalid("a port needs a `target`", at: node.location, help: "name the port of the container")
    }
    if let address = node["host_ip"].flatMap({ filled($0, for: "host_ip") }) {
      reportAddress(address, at: node["host_ip"]?.location ?? node.location)
    }
    addPorts(
      container: target, host: node["published"]?.text,
      node["protocol"].flatMap { filled($0, for: "protocol") } ?? "tcp", at: node.location)
  }

  private mutating func addPorts(
    container: ComposeText, host: ComposeText?, _ protocolName: String, at location: SourceLocation
  ) {
    guard let transport = TransportProtocol(rawValue: protocolName.lowercased()) else {
      if protocolName == "sctp" {
        return lost("the protocol `sctp` of a port", at: location, help: "a port is `tcp` or `udp`")
      }
      return invalid("`\(protocolName)` is not a protocol", at: location, help: "write `tcp` or `udp`")
    }
    guard let containers = range(filled(container, for: "ports", at: location), at: location) else { return }
    // Compose takes 0 for any free port.
    let host = host.flatMap { ["", "0"].contains($0.resolved) && $0.variables.isEmpty ? nil : $0 }
    if let host, !host.variables.isEmpty, containers.count == 1, isNumber(host) {
      return add(
        PortDraft(container: containers.lowerBound, transport: transport, host: host, location: location))
    }
    var hosts: ClosedRange<Int>?
    if let host {
      guard let range = range(filled(host, for: "ports", at: location), at: location) else { return }
      hosts = range
    }
    if let range = hosts, range.count != containers.count {
      guard containers.count == 1 else {
        return invalid(
          "these ranges of ports are not of one length", at: location, help: "give each as many ports")
      }
      differs(
        "any port of the range \(range.lowerBound)-\(range.upperBound) becomes any free port", at: location,
        help: "write one number as `host` if it must be known")
      hosts = nil
    }
    for (offset, number) in containers.enumerated() {
      let host = hosts.map { ComposeText(String($0.lowerBound + offset)) }
      add(PortDraft(container: number, transport: transport, host: host, location: location))
    }
  }

  private mutating func add(_ port: PortDraft) {
    let identity = "\(port.container)/\(port.transport.rawValue)"
    guard let host = hostPorts[identity] else {
      hostPorts[identity] = .some(port.host)
      return draft.ports.append(port)
    }
    guard host != port.host else { return }
    lost(
      "the second host port for the port \(identity)", at: port.location,
      help: "a port of a service is published once")
  }

  /// Whether a text is one number once its variables have the values that they have now.
  private func isNumber(_ text: ComposeText) -> Bool {
    Int(text.resolved) != nil || text.variables.contains { $0.isRequired }
  }

  private mutating func range(_ text: String, at location: SourceLocation) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, (1...2).contains(parts.count), let first = numbers.first,
      let last = numbers.last, (1...65535).contains(first), first...65535 ~= last,
      last - first < Self.maximumRange
    else {
      invalid(
        "`\(text)` is not a port", at: location,
        help: "write a number from 1 to 65535, or a range of at most \(Self.maximumRange) such as `8000-8010`"
      )
      return nil
    }
    return first...last
  }

  private mutating func reportAddress(_ address: String, at location: SourceLocation) {
    guard !["0.0.0.0", "[::]", "::", ""].contains(address) else { return }
    differs(
      "a port of `\(draft.composeName)` is published on `\(address)` only, and will be on every address of the host",
      at: location, help: "take the port away if others must not reach it, or close it by a firewall")
  }
}
