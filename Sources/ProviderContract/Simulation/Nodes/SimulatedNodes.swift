import ClusterNodes
import ProviderKit
import Synchronization

/// A provider of nodes that live in memory, and which can be told to go wrong, to take its time and to answer in pages.
public final class SimulatedNodes: NodeProvider {
  /// What happened to one node, network or volume.
  public enum Call: Sendable, Hashable {
    case start(String)
    case stop(String)
    case delete(String)
  }

  /// What is there, and how it behaves.
  public struct World: Sendable {
    /// The nodes, by id.
    public var nodes: [String: ClusterNode] = [:]
    /// Networks and volumes, by id.
    public var belongings: [String: Belonging] = [:]
    /// The addresses that were noted, by cluster and by the id of the node.
    public var notes: [ClusterID: [String: [String]]] = [:]
    /// The ids of networks and volumes that something else uses.
    public var used: Set<String> = []
    /// The names of nodes that can't be started or stopped.
    public var broken: Set<String> = []
    /// The names of nodes that accept a request and never do it.
    public var stuck: Set<String> = []
    /// The names of nodes that end right after they were started.
    public var shortLived: Set<String> = []
    /// After how many looks at a node it is as it was asked to be; at 0 it is when the call returns.
    public var looksUntilDone = 0
    /// How many nodes a page holds.
    public var pageSize = 100
    /// What can't be asked.
    public var gaps: [String] = []
    /// Whether nothing at all can be asked.
    public var isUnreachable = false
    /// The addresses that are taken by others.
    public var takenAddresses: Set<String> = []

    fileprivate var goals: [String: (state: NodeState, looks: Int)] = [:]
    fileprivate var calls: [Call] = []

    public init() {}

    /// Adds a node that runs.
    @discardableResult
    public mutating func add(
      _ name: String, _ role: NodeRole = .worker, to cluster: ClusterID, rank: Int = 0
    ) -> ClusterNode {
      var node = ClusterNode(
        id: "id-\(nodes.count)-\(name)", name: name, cluster: cluster, role: role,
        rawRole: "raw-\(role.rawValue)",
        rank: rank, state: .running, rawState: "on")
      node.addresses = [freeAddress()]
      nodes[node.id] = node
      return node
    }

    /// Adds a network or volume.
    public mutating func add(_ kind: Belonging.Kind, _ name: String, to cluster: ClusterID) {
      let id = "\(kind.rawValue)-\(name)"
      belongings[id] = Belonging(kind, id: id, name: name, cluster: cluster)
    }

    fileprivate func freeAddress() -> String {
      let taken = takenAddresses.union(nodes.values.flatMap(\.addresses))
      return (2...).lazy.map { "10.0.0.\($0)" }.first { !taken.contains($0) } ?? ""
    }

    fileprivate mutating func settle(_ id: String, _ state: NodeState) {
      guard var node = nodes[id] else { return }
      (node.state, node.rawState) = (state, state == .running ? "on" : "off")
      node.addresses = []
      if state == .running { node.addresses = [freeAddress()] }
      nodes[id] = node
    }
  }

  private let state: Mutex<World>

  /// A provider around a world.
  public init(_ world: World = World()) { state = Mutex(world) }

  /// Everything that is there.
  public var world: World { state.withLock { $0 } }

  /// The changes that were asked for, in order.
  public var calls: [Call] { state.withLock { $0.calls } }

  /// Changes the world behind berth's back.
  public func meddle(_ change: (inout World) -> Void) { state.withLock { change(&$0) } }

  private func asking<Result>(_ body: (inout sending World) throws -> sending Result) throws -> Result {
    try state.withLock { world in
      if world.isUnreachable { throw ProviderError("it does not answer", help: "wait until it does") }
      return try body(&world)
    }
  }

  // MARK: Looking

  /// Throws if the world is ``World/isUnreachable``.
  public func connect() async throws { try asking { _ in } }

  /// Nodes in pages, the last page with what can't be asked.
  public func nodes(of cluster: ClusterID?, after cursor: String?) async throws -> NodePage {
    try asking { world in
      let all = world.nodes.values.filter { cluster == nil || $0.cluster == cluster }.sorted { $0.id < $1.id }
      let rest = all.filter { $0.id > cursor ?? "" }
      let page = Array(rest.prefix(world.pageSize))
      let isLast = page.count == rest.count
      return NodePage(page, next: isLast ? nil : page.last?.id, gaps: isLast ? world.gaps : [])
    }
  }

  /// The node, which may have become what it was asked to be.
  public func node(_ node: ClusterNode) async throws -> ClusterNode? {
    try asking { world in
      if let goal = world.goals[node.id] {
        world.goals[node.id]?.looks -= 1
        if goal.looks <= 1 {
          world.goals[node.id] = nil
          world.settle(node.id, goal.state)
        }
      } else if world.shortLived.contains(node.name), world.nodes[node.id]?.state == .running {
        world.settle(node.id, .stopped)
      }
      return world.nodes[node.id]
    }
  }

  /// The networks and volumes.
  public func belongings(of cluster: ClusterID?) async throws -> [Belonging] {
    try asking { world in world.belongings.values.filter { cluster == nil || $0.cluster == cluster } }
  }

  /// The addresses by the ids of nodes; none if nothing was noted of the cluster.
  public func notedAddresses(of cluster: ClusterID) async throws -> [String: [String]] {
    try asking { $0.notes[cluster] ?? [:] }
  }

  // MARK: Changing

  /// Starts it, or accepts to.
  public func start(_ node: ClusterNode) async throws -> NodeAnswer {
    try bring(node, to: .running, .start(node.name))
  }

  /// Stops it, or accepts to.
  public func stop(_ node: ClusterNode) async throws -> NodeAnswer {
    try bring(node, to: .stopped, .stop(node.name))
  }

  private func bring(_ node: ClusterNode, to goal: NodeState, _ call: Call) throws -> NodeAnswer {
    try asking { world in
      world.calls.append(call)
      guard let found = world.nodes[node.id] else { throw ActionFailure("there is no such node") }
      if world.broken.contains(node.name) { throw ActionFailure("it is broken") }
      if world.stuck.contains(node.name) { return .accepted }
      if found.state == goal { return .done }
      if world.looksUntilDone > 0 {
        world.goals[node.id] = (goal, world.looksUntilDone)
        return .accepted
      }
      world.settle(node.id, goal)
      return .done
    }
  }

  /// Takes the node out of the world at once, unless it is among ``World/broken``.
  public func delete(_ node: ClusterNode) async throws {
    try asking { world in
      world.calls.append(.delete(node.name))
      if world.broken.contains(node.name) { throw ActionFailure("it is broken") }
      world.nodes[node.id] = nil
    }
  }

  /// Takes it out of the world, unless it is among ``World/used`` or nodes of its cluster are left.
  public func delete(_ belonging: Belonging) async throws {
    try asking { world in
      world.calls.append(.delete(belonging.name))
      let hasNodes = world.nodes.values.contains { $0.cluster == belonging.cluster }
      if hasNodes || world.used.contains(belonging.id) { throw ActionFailure("it is in use") }
      world.belongings[belonging.id] = nil
    }
  }

  /// Notes them in the place of earlier ones; none at all forgets the cluster.
  public func noteAddresses(_ addresses: [String: [String]], of cluster: ClusterID) async throws {
    try asking { $0.notes[cluster] = addresses.isEmpty ? nil : addresses }
  }
}
