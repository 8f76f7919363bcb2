import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: Ports

  static let ports: [TaskRow] = [
    .enforced(
      "ports.container", "`DynamicPorts` or `ReservedPorts` of the network: `To`; and what it is found by",
      write: { writing, draft in writing.addPorts(&draft) },
      read: { reading, service in service.ports = reading.ports }),
    .within(
      "ports.protocol", "`Label`, with `_udp` behind it: a port of Nomad is open for TCP and UDP alike"),
    .within("ports.host", "`ReservedPorts`: `Value`; without it, the cluster chooses one"),
    TaskRow(
      field: FieldRow(
        "services.ports.address", .refused(.providerRefuses), cost: nil,
        "a port of Nomad is at the address of a network that the nodes name: `on: {nomad: {hostNetwork: …}}`"),
      write: nil, read: { _, _ in }),
    .within("ports.on.nomad.hostNetwork", "`HostNetwork` of the port"),
    .within("ports.on.nomad.tags", "`Tags` of what it is found by", cost: .inPlace),
    .within("ports.on.nomad.register", "whether there is one in `Services` of the group", cost: .inPlace),
  ]
}

extension TaskWriting {
  /// Adds the ports of the service, and what they are found by.
  fileprivate func addPorts(_ draft: inout JobDraft) {
    let isOfHost = InstanceNetwork.isOfHost(service)
    var labels: [String] = []
    for port in service.ports {
      let label = service.label(of: port)
      if labels.contains(label) { continue }
      labels.append(label)
      let own = port.on[NomadPort.self]
      var entry: JSON = ["Label": .string(label)]
      // In the node's own network, the program has the number that it listens on, and no other.
      let fixed = port.host ?? (isOfHost ? port.container : nil)
      if let fixed { entry["Value"] = .int(Int64(fixed)) }
      entry["To"] = .int(Int64(port.container))
      if let network = own.hostNetwork { entry["HostNetwork"] = .string(network) }
      draft.add(port: label, entry, isFixed: fixed != nil)
      register(port, label, own, &draft)
    }
    if let checked = service.healthCheck?.port, writing.facts.makesChecks,
      !service.ports.contains(where: { $0.container == checked })
    {
      let label = JobNames.port(checked, of: service.name)
      draft.add(port: label, ["Label": .string(label), "To": .int(Int64(checked))], isFixed: false)
      labels.append(label)
      var port = Port()
      port.container = checked
      register(port, label, NomadPort(), &draft)
    }
    // Tasks of one network have their ports in common; a container apart has to say which are its own.
    let isApart = driver.runsImages && !writing.network.isShared && service.network.mode == .instance
    if isApart, !labels.isEmpty { draft[option: "ports"] = .texts(labels) }
  }

  private func register(_ port: Port, _ label: String, _ own: NomadPort, _ draft: inout JobDraft) {
    guard writing.facts.registry != .none, service.role != .`init`, service.role != .before else { return }
    let check = ServiceCheck.json(of: service, at: port.container, writing)
    guard own.isRegistered || check != nil else { return }
    var entry: JSON = [
      "Name": .string(
        JobNames.service(
          service.name, port.container, of: writing.key.name, isUDP: label.hasSuffix(JobNames.datagrams))),
      "PortLabel": .string(label), "Provider": .string(writing.facts.registry.rawValue),
    ]
    if writing.facts.obstacle(to: .nativeServices) != nil { entry["Provider"] = nil }
    if !own.tags.isUnset { entry["Tags"] = .texts(own.tags.elements) }
    if let check { entry["Checks"] = [check] }
    draft.add(service: entry)
  }
}

extension Service {
  /// What a port is called within its group: one for TCP and UDP is one port, if it has one number on the node.
  fileprivate func label(of port: Port) -> String {
    let isShared = ports.contains {
      $0.container == port.container && $0.protocol == .tcp && $0.host == port.host
    }
    return JobNames.port(port.container, of: name, isUDP: port.protocol == .udp && !isShared)
  }
}

extension TaskReading {
  /// The ports of the service, as the group has them; nothing of what no spec states.
  fileprivate var ports: [Port] {
    let fixed = job.network?["ReservedPorts"]?.array ?? []
    let entries = fixed.map { ($0, true) } + (job.network?["DynamicPorts"]?.array ?? []).map { ($0, false) }
    let prefix = JobNames.port(0, of: stated.name).dropLast()
    var ports: [Port] = []
    for (entry, isFixed) in entries {
      guard let label = entry["Label"]?.string, label.hasPrefix(prefix) else { continue }
      let isUDP = label.hasSuffix(JobNames.datagrams)
      let digits = label.dropFirst(prefix.count).dropLast(isUDP ? JobNames.datagrams.count : 0)
      guard let number = Int(digits) else { continue }
      let statedOnes = stated.ports.filter { stated.label(of: $0) == label }
      // One that is there for a check alone is none of the spec's.
      if statedOnes.isEmpty, stated.healthCheck?.port == number { continue }
      for transport in statedOnes.isEmpty ? [isUDP ? .udp : .tcp] : statedOnes.map(\.protocol) {
        ports.append(port(number, transport, entry, isUDP: isUDP, isFixed: isFixed))
      }
    }
    return ports.sorted { $0.precedes($1) }
  }

  private func port(
    _ label: Int, _ transport: TransportProtocol, _ entry: JSON, isUDP: Bool, isFixed: Bool
  ) -> Port {
    let stated = stated.ports.first { $0.container == label && $0.protocol == transport }
    var port = Port()
    port.container = entry["To"]?.int.flatMap { $0 > 0 ? Int($0) : nil } ?? label
    port.protocol = transport
    let isOfNode = stated?.host == nil && InstanceNetwork.isOfHost(self.stated)
    if isFixed, !isOfNode { port.host = entry["Value"]?.int.map { Int($0) } }
    port.address = stated?.address
    var own = NomadPort()
    if let network = entry["HostNetwork"]?.string, !network.isEmpty,
      network != "default" || stated?.on[NomadPort.self].hostNetwork == "default"
    {
      own.hostNetwork = network
    }
    let name = JobNames.service(self.stated.name, label, of: job.writing.key.name, isUDP: isUDP)
    let service = job.services.first { $0["Name"]?.string == name }
    let before =
      applied.ports.first { $0.container == label && $0.protocol == transport }?.on[NomadPort.self]
      ?? NomadPort()
    if job.writing.facts.registry == .none {
      (own.tags, own.isRegistered) = (before.tags, before.isRegistered)
    } else {
      own.tags = StringSet(service?["Tags"]?.list ?? [])
      // A check needs something that it belongs to.
      own.isRegistered =
        service != nil && (before.isRegistered || service?["Checks"]?.array?.isEmpty != false)
    }
    port.on[NomadPort.self] = own
    return port
  }
}
