import Diagnostics
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
    var address: ComposeText?
    if let (rest, last) = halves[0].splitAtLast(":") {
      container = last
      // What is in front of the last colon but one is an address, perhaps one in brackets.
      if let (first, number) = rest.splitAtLast(":") {
        (address, host) = (first, number)
      } else if rest.resolved.contains(".") {
        address = rest
      } else {
        host = rest
      }
    } else {
      container = halves[0]
    }
    guard let stated = hostAddress(address, at: location) else { return }
    addPorts(container: container, host: host, address: stated.address, transport, at: location)
  }

  private mutating func readLongPort(_ node: ComposeNode) {
    reportUnread(
      of: node, in: "ports",
      // The last three say nothing to an engine.
      read: ["target", "published", "protocol", "host_ip", "mode", "name", "app_protocol"])
    guard let target = node["target"].flatMap({ text($0, for: "target") }) else {
      return invalid("a port needs a `target`", at: node.location, help: "name the port of the container")
    }
    let place = node["host_ip"]?.location ?? node.location
    guard let stated = hostAddress(node["host_ip"]?.text, at: place) else { return }
    addPorts(
      container: target, host: node["published"]?.text, address: stated.address,
      node["protocol"].flatMap { filled($0, for: "protocol") } ?? "tcp", at: node.location)
  }

  private mutating func addPorts(
    container: ComposeText, host: ComposeText?, address: ComposeText?, _ protocolName: String,
    at location: SourceLocation
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
        PortDraft(
          container: containers.lowerBound, transport: transport, host: host, address: address,
          location: location))
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
      add(
        PortDraft(container: number, transport: transport, host: host, address: address, location: location))
    }
  }

  private mutating func add(_ port: PortDraft) {
    let identity = "\(port.container)/\(port.transport.rawValue)"
    let place = HostPort(number: port.host, address: port.address)
    guard let first = hostPorts[identity] else {
      hostPorts[identity] = place
      return draft.ports.append(port)
    }
    guard first != place else { return }
    lost(
      "the second place of the port \(identity) on the host", at: port.location,
      help: "a port of a service is published once: put a proxy in front to have it twice")
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

  /// The address of the host that a port is published on, without brackets; without one, all that the host has.
  ///
  /// - Returns: `nil` where compose takes no such address.
  private mutating func hostAddress(
    _ text: ComposeText?, at location: SourceLocation
  ) -> HostAddress? {
    guard let text, !text.isEmpty else { return HostAddress(address: nil) }
    var plain = text.resolved
    if plain.hasPrefix("["), plain.hasSuffix("]") { plain = String(plain.dropFirst().dropLast()) }
    guard !plain.isEmpty else { return HostAddress(address: nil) }
    guard IPAddress.isValid(plain) else {
      invalid(
        "`\(plain)` is not an address of the host", at: location,
        help: "write it as in `127.0.0.1:8080:80` or `[::1]:8080:80`")
      return nil
    }
    if text.variables.isEmpty { return HostAddress(address: ComposeText(plain)) }
    guard text.resolved == plain else {
      _ = filled(text, for: "ports", at: location)
      return HostAddress(address: ComposeText(plain))
    }
    return HostAddress(address: text)
  }
}

/// Where a port is published.
struct HostPort: Equatable, Sendable {
  /// The number; `nil` for any.
  let number: ComposeText?
  /// The address; `nil` for all that the host has.
  let address: ComposeText?
}

/// What a port says of the address of the host.
private struct HostAddress {
  /// The address; `nil` for all that the host has.
  let address: ComposeText?
}
