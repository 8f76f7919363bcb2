import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: Ports

  static let ports: [TemplateRow] = [
    .enforced(
      "ports.container", "`ports` of the container, and of the workload's Service",
      write: { writing, draft in
        guard !writing.service.ports.isEmpty else { return }
        let isOfHost = writing.service.network.mode == .host
        draft.container["ports"] = .array(writing.service.ports.map { Self.entry($0, isOfHost: isOfHost) })
      },
      read: { reading, service in
        service.ports = (reading.container["ports"]?.array ?? []).compactMap(reading.port).sorted {
          $0.precedes($1)
        }
      }),
    .within("ports.protocol", "`protocol`"),
    .within("ports.host", "`hostPort`; without it, the port is reached by the Service"),
    .within("ports.address", "`hostIP`"),
    .within(
      "ports.on.kubernetes.servicePort", "a further port of the Service", cost: .inPlace),
    .within("ports.on.kubernetes.nodePort", "`nodePort` of the Service", cost: .inPlace),
    .within("ports.on.kubernetes.appProtocol", "`appProtocol` of the Service", cost: .inPlace),
  ]

  private static func entry(_ port: Port, isOfHost: Bool) -> JSON {
    var entry: JSON = [
      "name": .string(ServiceObjects.name(of: port)), "containerPort": .int(Int64(port.container)),
      "protocol": .string(port.protocol.rawValue.uppercased()),
    ]
    // In the node's own network, a server would add it by itself, and leave it there afterwards.
    if let host = port.host ?? (isOfHost ? port.container : nil) { entry["hostPort"] = .int(Int64(host)) }
    if let address = port.address { entry["hostIP"] = .string(address) }
    return entry
  }
}

extension ServiceReading {
  /// A port of the container, with what its Service says of it.
  fileprivate func port(_ entry: JSON) -> Port? {
    guard let number = entry["containerPort"]?.int,
      let transport = TransportProtocol(rawValue: (entry["protocol"]?.string ?? "TCP").lowercased())
    else { return nil }
    var port = Port()
    (port.container, port.protocol) = (Int(number), transport)
    let stated = stated.ports.first { $0.identity == port.identity }
    let host = entry["hostPort"]?.int.map { Int($0) }
    let isOfServer = stated?.host == nil && pod.spec["hostNetwork"]?.bool == true
    if let host, host > 0, !isOfServer { port.host = host }
    if let address = entry["hostIP"]?.string, !address.isEmpty {
      port.address = address
    } else if port.host == nil {
      // Without a port of the node, an address says nothing.
      port.address = stated?.address
    }
    port.on[KubernetesPort.self] = own(of: port)
    return port
  }

  /// What the Service says of a port; where there is none, what was said last.
  private func own(of port: Port) -> KubernetesPort {
    let applied =
      applied.ports.first { $0.identity == port.identity }?.on[KubernetesPort.self] ?? KubernetesPort()
    guard let ports = pod.objects.object(.services, pod.names.service)?["spec"]?["ports"] else {
      return applied
    }
    let entry = ports.element(named: ServiceObjects.name(of: port))
    let further = ports.element(named: ServiceObjects.furtherName(of: port))
    var own = KubernetesPort()
    own.servicePort =
      further?["port"]?.int.map { Int($0) } ?? (applied.servicePort == port.container ? port.container : nil)
    // A number that the cluster has chosen is none of the spec's.
    if applied.nodePort != nil { own.nodePort = entry?["nodePort"]?.int.map { Int($0) } }
    own.appProtocol = entry?["appProtocol"]?.string
    return own
  }
}
