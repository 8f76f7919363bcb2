import WorkloadSpec
import YAMLNodes

/// What workloads consist of as a graph: their services or other elements, in which order these start, which ports of the host
/// they take, and where they keep data. Nothing of it depends on an engine.
public struct SpecGraph: Sendable, Equatable {
  /// What a node stands for, which decides its shape.
  public enum Shape: String, Sendable {
    /// An element that goes on: a service of role `main` or `sidecar`, a machine, an object.
    case element
    /// A service that runs to success.
    case runToEnd
    /// A volume, a path of the machine or a volume that berth did not make.
    case volume
  }

  /// A box of the drawing: a service, another element or a volume.
  public struct Node: Sendable, Equatable {
    /// What tells it apart, unique within the graph.
    public let id: String
    /// What is said of it, line by line.
    public let lines: [String]
    /// What it stands for.
    public let shape: Shape
  }

  /// A line between two nodes.
  public struct Edge: Sendable, Equatable {
    /// Where it starts.
    public let from: String
    /// Where it leads.
    public let to: String
    /// What is said of it; a volume's path.
    public let label: String?
    /// Whether it says what starts after what; else, what has which data.
    public let isOrder: Bool
  }

  /// The nodes of one workload.
  public struct Group: Sendable, Equatable {
    /// What tells it apart.
    public let id: String
    /// The workload, its kind and its number of instances.
    public let title: String
    /// The boxes of one workload.
    public let nodes: [Node]
  }

  /// A group for each workload.
  public private(set) var groups: [Group] = []
  /// What belongs to no workload: paths of the machine, volumes that berth did not make.
  public private(set) var others: [Node] = []
  /// The lines.
  public private(set) var edges: [Edge] = []

  /// The graph of workloads, in their order.
  public init(_ workloads: [Workload]) {
    for workload in workloads { add(workload) }
    for workload in workloads { addOrder(of: workload, among: workloads) }
  }

  private mutating func add(_ workload: Workload) {
    var nodes = workload.elements.map { element in
      Node(
        id: Self.id(of: element.name, in: workload), lines: Self.lines(of: element),
        shape: element.role.isRunToEnd ? .runToEnd : .element)
    }
    addOrder(of: workload)
    for service in workload.services {
      for volume in service.volumes {
        guard let node = Self.node(of: volume, in: workload) else { continue }
        if [.bind, .external].contains(volume.type) {
          if !others.contains(node) { others.append(node) }
        } else if !nodes.contains(node) {
          nodes.append(node)
        }
        edges.append(
          Edge(
            from: Self.id(of: service.name, in: workload), to: node.id,
            label: volume.mountPath + (volume.readOnly ? " (read-only)" : ""), isOrder: false))
      }
    }
    groups.append(Group(id: workload.name, title: Self.title(of: workload), nodes: nodes))
  }

  /// Adds what waits for what. What follows from other lines gets none of its own.
  private mutating func addOrder(of workload: Workload) {
    let order = ServiceOrder(workload.elements)
    for name in order.startOrder {
      let direct = order.dependencies(of: name)
      let farther = Set(direct.flatMap { order.needs(of: $0) })
      for dependency in direct where !farther.contains(dependency) {
        edges.append(
          Edge(
            from: Self.id(of: dependency, in: workload), to: Self.id(of: name, in: workload), label: nil,
            isOrder: true))
      }
    }
  }

  /// Adds that a workload waits for others that are drawn: whatever starts first in it does.
  private mutating func addOrder(of workload: Workload, among workloads: [Workload]) {
    let needed = workload.waitsFor
    guard !needed.isUnset else { return }
    let order = ServiceOrder(workload.elements)
    let first = order.startOrder.filter { order.dependencies(of: $0).isEmpty }
    for other in workloads where needed.elements.contains(other.name) {
      guard let last = other.mainName ?? other.elements.last?.name else { continue }
      edges += first.map { name in
        Edge(
          from: Self.id(of: last, in: other), to: Self.id(of: name, in: workload), label: nil, isOrder: true)
      }
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
        lines: [volume.name] + (volume.size.map { [$0.description] } ?? []) + each, shape: .volume)
    case .external:
      let name = volume.source ?? volume.name
      return Node(id: "external/\(name)", lines: [name, "external"], shape: .volume)
    case .bind:
      let path = volume.source ?? ""
      return Node(id: "path/\(path)", lines: [path], shape: .volume)
    case .ephemeral, .memory: return nil
    }
  }
}
