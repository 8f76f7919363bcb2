import Values

/// What came of looking for a place.
struct PlacementSearch: Sendable {
  var evaluated = 0
  var filtered = 0
  var exhausted = 0
  var available: [String: Int] = [:]
  var constraints: [String: Int] = [:]
  var dimensions: [String: Int] = [:]
  var coalesced = 0

  func json(minor: Int) -> JSON {
    [
      "NodesEvaluated": .number(evaluated), "NodesFiltered": .number(filtered),
      "NodesAvailable": .counts(available), "ClassFiltered": .null,
      "ConstraintFiltered": .counts(constraints), "NodesExhausted": .number(exhausted),
      "ClassExhausted": .null, "DimensionExhausted": .counts(dimensions), "QuotaExhausted": .null,
      "ResourcesExhausted": .null, "Scores": .null, "ScoreMetaData": .null, "AllocationTime": 25000,
      "CoalescedFailures": .number(coalesced),
    ]
  }
}

extension ClusterState {
  /// The node for one more allocation of a group; `nil` if none takes it.
  func place(
    _ group: JSON, of job: JSON, key: FakeKey, without stopped: Set<String>
  ) -> (
    node: FakeNode?, search: PlacementSearch
  ) {
    var search = PlacementSearch()
    let datacenters = job.elements("Datacenters").compactMap(\.string)
    let inReach = nodes.filter { node in
      !node.isDown && node.isEligible
        && datacenters.contains { $0 == "*" || $0 == node.datacenter }
        && (version.minor < 6 || ["all", node.pool].contains(job.text("NodePool")))
    }
    for name in datacenters where name != "*" { search.available[name] = 0 }
    for node in inReach { search.available[node.datacenter, default: 0] += 1 }
    var best: (node: FakeNode, free: Int)?
    for node in inReach {
      search.evaluated += 1
      if let constraint = refusing(node, group, job, key, stopped) {
        search.filtered += 1
        search.constraints[constraint, default: 0] += 1
        continue
      }
      if let dimension = lacking(node, group, stopped) {
        search.exhausted += 1
        search.dimensions[dimension, default: 0] += 1
        continue
      }
      let free = node.memory - used(node, stopped).memory
      if best.map({ $0.free < free }) ?? true { best = (node, free) }
    }
    return (best?.node, search)
  }

  private func refusing(
    _ node: FakeNode, _ group: JSON, _ job: JSON, _ key: FakeKey, _ stopped: Set<String>
  ) -> String? {
    let tasks = group.elements("Tasks")
    for task in tasks where !node.drivers.contains(task.text("Driver")) { return "missing drivers" }
    for device in tasks.flatMap({ $0["Resources"]?.elements("Devices") ?? [] })
    where node.devices[device.text("Name"), default: 0] < device.number("Count") { return "missing devices" }
    for volume in (group["Volumes"]?.members ?? []).map(\.value) {
      let source = volume.text("Source")
      if volume.text("Type") == "host", node.hostVolumes[source] == nil {
        return "missing compatible host volumes"
      }
      if volume.text("Type") == "csi", !pluginVolumes.contains(source) {
        return "missing CSI Volume \(source)"
      }
    }
    for port in group.elements("Networks").flatMap({
      $0.elements("ReservedPorts") + $0.elements("DynamicPorts")
    }) {
      let network = port.text("HostNetwork")
      if !network.isEmpty, network != "default", !node.hostNetworks.contains(network) {
        return "missing host network \"\(network)\" for port \"\(port.text("Label"))\""
      }
    }
    let constraints =
      (job.elements("Constraints") + group.elements("Constraints"))
      + tasks.flatMap { $0.elements("Constraints") }
    for constraint in constraints {
      let (left, operand, right) = (
        constraint.text("LTarget"), constraint.text("Operand"), constraint.text("RTarget")
      )
      if operand == "distinct_hosts" {
        let isTaken = allocations.values.contains {
          $0.job == key && $0.nodeID == node.id && $0.takesRoom && !stopped.contains($0.id)
        }
        if isTaken { return "distinct_hosts" }
        continue
      }
      let value = target(left, node)
      let holds =
        switch operand {
        case "=", "==", "is": value == right
        case "!=", "not": value != right
        case "is_set": value != nil
        case "is_not_set": value == nil
        default: true
        }
      if !holds { return [left, operand, right].filter { !$0.isEmpty }.joined(separator: " ") }
    }
    return nil
  }

  private func target(_ text: String, _ node: FakeNode) -> String? {
    guard text.hasPrefix("${"), text.hasSuffix("}") else { return text }
    let name = String(text.dropFirst(2).dropLast())
    switch name {
    case "node.datacenter": return node.datacenter
    case "node.unique.name": return node.name
    case "node.unique.id": return node.id
    case _ where name.hasPrefix("attr."): return node.attributes[String(name.dropFirst(5))]
    case _ where name.hasPrefix("meta."): return node.meta[String(name.dropFirst(5))]
    default: return nil
    }
  }

  /// What an allocation needs, in MHz and MiB.
  static func needs(_ group: JSON) -> (cpu: Int, memory: Int) {
    var needs = (cpu: 0, memory: 0)
    for task in group.elements("Tasks") {
      needs.cpu += task["Resources"]?.number("CPU") ?? 0
      needs.memory += task["Resources"]?.number("MemoryMB") ?? 0
    }
    return needs
  }

  static func staticPorts(_ group: JSON) -> [(label: String, value: Int)] {
    group.elements("Networks").flatMap { network in
      network.elements("ReservedPorts").map { ($0.text("Label"), $0.number("Value")) }
    }
  }

  private func used(_ node: FakeNode, _ stopped: Set<String>) -> (cpu: Int, memory: Int, ports: Set<Int>) {
    var used = (cpu: 0, memory: 0, ports: Set<Int>())
    for allocation in allocations.values
    where allocation.nodeID == node.id && allocation.takesRoom && !stopped.contains(allocation.id) {
      let needs = Self.needs(allocation.groupSpec)
      used.cpu += needs.cpu
      used.memory += needs.memory
      for port in allocation.ports { used.ports.insert(port.number("Value")) }
    }
    return used
  }

  private func lacking(_ node: FakeNode, _ group: JSON, _ stopped: Set<String>) -> String? {
    let (needs, used) = (Self.needs(group), used(node, stopped))
    for port in Self.staticPorts(group) where used.ports.contains(port.value) {
      return "network: reserved port collision \(port.label)=\(port.value)"
    }
    if used.cpu + needs.cpu > node.cpu { return "cpu" }
    if used.memory + needs.memory > node.memory { return "memory" }
    return nil
  }

  /// The ports of a new allocation: those that the group names, and others from 20000 on.
  func ports(of group: JSON, on node: FakeNode) -> [JSON] {
    var taken = used(node, []).ports
    var ports: [JSON] = []
    for network in group.elements("Networks") {
      for port in network.elements("ReservedPorts") {
        ports.append([
          "Label": port["Label"] ?? "", "Value": port["Value"] ?? 0, "To": port["To"] ?? 0,
          "HostIP": "127.0.0.1",
        ])
        taken.insert(port.number("Value"))
      }
      for port in network.elements("DynamicPorts") {
        let value = (20000...32000).first { !taken.contains($0) } ?? 0
        taken.insert(value)
        let to = port.number("To")
        ports.append([
          "Label": port["Label"] ?? "", "Value": .number(value), "To": .number(to == -1 ? value : to),
          "HostIP": "127.0.0.1",
        ])
      }
    }
    return ports
  }
}
