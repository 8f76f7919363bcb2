import WorkloadSpec
import YAMLNodes

/// What workloads consist of as a graph: their services or other elements, in which order these start, which ports of the host
/// they take, and where they keep data. Nothing of it depends on an engine.
extension Graph {
  /// The graph of workloads, in their order.
  public init(of workloads: [Workload]) {
    self.init(name: "spec")
    for workload in workloads { add(workload) }
    for workload in workloads { addOrder(of: workload, among: workloads) }
  }

  private mutating func add(_ workload: Workload) {
    var group = Group(id: workload.name, title: Self.title(of: workload))
    group.nodes = workload.elements.map { element in
      Node(
        id: Self.id(of: element.name, in: workload), lines: Self.lines(of: element),
        shape: element.role.isRunToEnd ? .rounded : .box)
    }
    addOrder(of: workload)
    for service in workload.services {
      for volume in service.volumes {
        guard let node = Self.node(of: volume, in: workload) else { continue }
        if [.bind, .external].contains(volume.type) {
          if !nodes.contains(node) { nodes.append(node) }
        } else if !group.nodes.contains(node) {
          group.nodes.append(node)
        }
        edges.append(
          Edge(
            from: Self.id(of: service.name, in: workload), to: node.id,
            label: volume.mountPath + (volume.readOnly ? " (read-only)" : ""), isOrder: false))
      }
    }
    groups.append(group)
  }

  /// Adds what waits for what. What follows from other lines gets none of its own.
  private mutating func addOrder(of workload: Workload) {
    let order = ServiceOrder(workload.elements)
    for name in order.startOrder {
      let direct = order.dependencies(of: name)
      let farther = Set(direct.flatMap { order.needs(of: $0) })
      for dependency in direct where !farther.contains(dependency) {
        edges.append(Edge(from: Self.id(of: dependency, in: workload), to: Self.id(of: name, in: workload)))
      }
    }
  }

  /// Adds that a workload waits for others: whatever starts first in it does. One that is not drawn is a box by itself.
  private mutating func addOrder(of workload: Workload, among workloads: [Workload]) {
    let order = ServiceOrder(workload.elements)
    let first = order.startOrder.filter { order.dependencies(of: $0).isEmpty }
    for needed in workload.waitsFor.elements {
      let last: String
      if let other = workloads.first(where: { $0.name == needed }) {
        guard let name = other.mainName ?? other.elements.last?.name else { continue }
        last = Self.id(of: name, in: other)
      } else {
        let node = Node(id: "workload/\(needed)", lines: [needed, "another workload"], shape: .box)
        if !nodes.contains(node) { nodes.append(node) }
        last = node.id
      }
      edges += first.map { Edge(from: last, to: Self.id(of: $0, in: workload)) }
    }
  }

  // MARK: What is said of each

  private static func id(of element: String, in workload: Workload) -> String {
    "\(workload.name).\(element)"
  }

  private static func title(of workload: Workload) -> String {
    var title = workload.name
    if workload.kind != .deployment { title += ", \(workload.kind.rawValue)" }
    if let replicas = workload.replicas { title += " ×\(replicas)" }
    return title
  }

  private static func lines(of element: AnyElement) -> [String] {
    var lines = [element.name]
    if element.body == .services, element.role != .main { lines[0] += " (\(element.role.rawValue))" }
    if let image = element.containerImage { lines.append(image) }
    lines += element.ports.map { port in
      let inside = "\(port.container)/\(port.protocol.rawValue)"
      guard let host = port.host else { return inside }
      return "\(port.address.map { "\($0) " } ?? "")\(host) → \(inside)"
    }
    return lines
  }

  /// The node of a volume; `nil` for one that goes with its instance.
  private static func node(of volume: Volume, in workload: Workload) -> Node? {
    switch volume.type {
    case .persistent:
      let each = workload.kind == .statefulSet ? ["one for each instance"] : []
      return Node(
        id: "\(workload.name)/\(volume.name)",
        lines: [volume.name] + (volume.size.map { [$0.description] } ?? []) + each, shape: .cylinder)
    case .external:
      let name = volume.source ?? volume.name
      return Node(id: "external/\(name)", lines: [name, "external"], shape: .cylinder)
    case .bind:
      let path = volume.source ?? ""
      return Node(id: "path/\(path)", lines: [path], shape: .cylinder)
    case .ephemeral, .memory: return nil
    }
  }
}
