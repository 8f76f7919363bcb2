import Diagnostics
import WorkloadSpec
import YAMLNodes

/// A port of a Service, with where it leads.
struct ReachedPort {
  let service: ManifestObject
  /// The name of the service of the workload.
  let draft: String
  /// Its number; 0 for a Service without ports.
  let port: Int
  /// The port of the container.
  let target: Int
  let location: SourceLocation
  /// What the Service says of it; `nil` for a Service without ports.
  var node: Node?
}

/// The ports of containers, and which of them Services publish.
///
/// What Kubernetes does not publish is seen on the machine's loopback only.
extension WorkloadImport {
  private static let loopback = "127.0.0.1"

  mutating func readPorts() {
    for index in drafts.indices {
      for node in drafts[index].node.list("ports") { readPort(node, of: index) }
    }
    for service in selectingServices {
      let ports = service.spec?.list("ports") ?? []
      shared.portsLeft -= max(1, ports.count)
      guard shared.portsLeft >= 0 else {
        return diagnostics.report(
          .fileTooLarge, "more than 100000 ports of Services lead to what is imported", at: service.location,
          help: "import fewer files at a time")
      }
      for node in ports { publish(node, by: service) }
      // One without ports gives a name all the same.
      guard ports.isEmpty else { continue }
      reached.append(
        ReachedPort(
          service: service, draft: drafts[main].service.name, port: 0, target: 0, location: service.location))
    }
  }

  private mutating func readPort(_ node: Node, of index: Int) {
    guard let number = integer(node["containerPort"], "`containerPort`"), (1...65535).contains(number) else {
      return invalid(
        "a port of \(drafts[index].phrase) needs a number", at: node.location,
        help: "write `containerPort` with a number from 1 to 65535")
    }
    if let name = node.stated("name")?.scalar { drafts[index].portNames[name] = number }
    guard let transport = transport(node, of: drafts[index].phrase) else { return }
    add(number, transport, to: index)
    guard let host = integer(node.stated("hostPort"), "`hostPort`"), host > 0, !usesHostNetwork else {
      return
    }
    let address = node.stated("hostIP")?.scalar.flatMap { $0.isEmpty || $0 == "0.0.0.0" ? nil : $0 }
    let place = (node["hostPort"] ?? node).location
    change(number, transport, of: index) { port in port.address = address }
    fix(host, on: number, transport, of: index, at: place, "`hostPort: \(host)`")
  }

  private mutating func transport(_ node: Node, of what: String) -> TransportProtocol? {
    switch node.stated("protocol")?.scalar ?? "TCP" {
    case "TCP": return .tcp
    case "UDP": return .udp
    case let other:
      lost("a port by \(other) of \(what)", at: node.location, help: "ports are of TCP or UDP")
      return nil
    }
  }

  private mutating func add(_ number: Int, _ transport: TransportProtocol, to index: Int) {
    let isThere = drafts[index].service.ports.contains { $0.container == number && $0.protocol == transport }
    guard !isThere else { return }
    var port = Port()
    port.container = number
    port.protocol = transport
    if !usesHostNetwork, !staysOnKubernetes { port.address = Self.loopback }
    drafts[index].service.ports.append(port)
  }

  private mutating func change(
    _ number: Int, _ transport: TransportProtocol, of index: Int, _ body: (inout Port) -> Void
  ) {
    guard
      let position = drafts[index].service.ports.firstIndex(where: {
        $0.container == number && $0.protocol == transport
      })
    else { return }
    body(&drafts[index].service.ports[position])
  }

  /// Gives a port its number on the host, where that is free and one instance has it.
  private mutating func fix(
    _ host: Int, on number: Int, _ transport: TransportProtocol, of index: Int, at place: SourceLocation,
    _ what: String
  ) {
    let key = "\(host)/\(transport.rawValue)"
    guard !mayHaveSeveral else {
      return differs(
        "\(what) of `\(object.name)` is left open: each instance gets a port of the host of its own",
        at: place,
        help: "let a reverse proxy have the port, and ask the instances, or have one instance")
    }
    guard shared.hostPorts.insert(key).inserted else {
      return differs(
        "\(what) of `\(object.name)` is left open: the port \(host) of the host is another one's", at: place,
        help: "write another number as `host` of its port")
    }
    change(number, transport, of: index) { port in port.host = host }
  }

  // MARK: Services

  /// What a Service makes of a port.
  private mutating func publish(_ node: Node, by service: ManifestObject) {
    guard let number = integer(node["port"], "`port`"), let transport = transport(node, of: service.phrase)
    else {
      return
    }
    guard let (index, target) = target(of: node, number, transport) else {
      return invalid(
        "\(service.phrase) leads to the port `\(node["targetPort"]?.scalar ?? "")`, which no container of `\(object.name)` has",
        at: (node["targetPort"] ?? node).location, help: "name one of the containers' `ports`")
    }
    add(target, transport, to: index)
    reached.append(
      ReachedPort(
        service: service, draft: drafts[index].service.name, port: number, target: target,
        location: (node["port"] ?? node).location, node: node))
    // There a Service reaches into the network of the pods.
    guard !staysOnKubernetes else { return }
    let type = service.spec?["type"]?.scalar ?? "ClusterIP"
    guard ["NodePort", "LoadBalancer"].contains(type), !usesHostNetwork else { return }
    if let ranges = service.spec?.stated("loadBalancerSourceRanges"), !ranges.isEmpty, type == "LoadBalancer"
    {
      return lost(
        "that \(service.phrase) lets only some addresses in", at: ranges.location,
        help: "its ports are not published: let a firewall keep others out, and take `address` away")
    }
    change(target, transport, of: index) { port in port.address = nil }
    let place = (node["nodePort"] ?? node["port"] ?? node).location
    if type == "LoadBalancer" {
      fix(
        number, on: target, transport, of: index, at: place,
        "the port \(number) of the Service `\(service.name)`")
    } else if let fixed = integer(node.stated("nodePort"), "`nodePort`"), fixed > 0 {
      fix(fixed, on: target, transport, of: index, at: place, "`nodePort: \(fixed)`")
    }
  }

  /// The container and the port that a Service's port leads to.
  private func target(
    of node: Node, _ number: Int, _ transport: TransportProtocol
  ) -> (index: Int, port: Int)? {
    let text = node.stated("targetPort")?.scalar ?? String(number)
    guard let wanted = Int(text) else {
      return drafts.indices.lazy.compactMap { index in
        drafts[index].portNames[text].map { (index, $0) }
      }.first
    }
    guard (1...65535).contains(wanted) else { return nil }
    let index = drafts.indices.first { index in
      drafts[index].service.ports.contains { $0.container == wanted && $0.protocol == transport }
    }
    return (index ?? main, wanted)
  }

  /// A service that lists ports lists the one that its check asks.
  mutating func finishPorts() {
    for index in drafts.indices {
      if let port = drafts[index].service.healthCheck?.port, !drafts[index].service.ports.isEmpty {
        add(port, .tcp, to: index)
      }
      drafts[index].service.ports.sort { $0.precedes($1) }
    }
  }
}
