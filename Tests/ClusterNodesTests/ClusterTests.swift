import ClusterNodes
import Diagnostics
import Testing

/// What follows from the nodes of a cluster.
@Suite struct ClusterTests {
  private static let dev = ClusterID(scheme: "kind", name: "dev")

  private static func node(
    _ name: String, _ role: NodeRole = .worker, _ state: NodeState = .running, rank: Int = 0,
    of cluster: ClusterID = dev, endpoint: String? = nil
  ) -> ClusterNode {
    ClusterNode(
      id: "id-\(name)", name: name, cluster: cluster, role: role, rawRole: role.rawValue, rank: rank,
      state: state, rawState: state.rawValue, endpoint: endpoint)
  }

  @Test(
    "the phase and the counts follow from the states",
    arguments: [
      ([.running, .running], ClusterPhase.running, 2), ([.running, .stopped], .degraded, 1),
      ([.stopped, .stopped], .stopped, 0), ([.stopped, .failed], .stopped, 0), ([.paused], .degraded, 0),
      ([.starting, .stopped], .degraded, 0), ([.running, .starting], .degraded, 1),
      ([.stopping], .degraded, 0), ([.deleting], .degraded, 0), ([.running, .unknown], .unknown, nil),
      ([], .degraded, 0),
    ] as [([NodeState], ClusterPhase, Int?)])
  func phases(_ states: [NodeState], _ phase: ClusterPhase, _ ready: Int?) {
    let cluster = Cluster(
      id: Self.dev, nodes: states.enumerated().map { Self.node("n\($0.offset)", .worker, $0.element) })
    #expect(cluster.phase == phase)
    #expect(cluster.ready == ready)
    #expect(cluster.total == states.count)
  }

  @Test("what could not be asked makes counts and phase unknown")
  func gaps() {
    let cluster = Cluster(id: Self.dev, nodes: [Self.node("n")], gaps: ["the region fsn1"])
    #expect(cluster.phase == .unknown && cluster.total == nil && cluster.ready == nil)
  }

  @Test("clusters are in the order of their names, and those of one name in that of their schemes")
  func sorting() {
    let ids = [("k3d", "b"), ("talos", "a"), ("kind", "a-b"), ("kind", "a"), ("kind", "B")].map {
      ClusterID(scheme: $0, name: $1)
    }
    let volume = Belonging(.volume, id: "v", name: "v", cluster: ClusterID(scheme: "k3d", name: "left"))
    let clusters = Cluster.all(of: ids.map { Self.node("n", of: $0) }, [volume])
    #expect(
      clusters.map(\.id.description) == [
        "B (kind)", "a (kind)", "a (talos)", "a-b (kind)", "b (k3d)", "left (k3d)",
      ])
  }

  @Test("nodes are in the order of their roles, and of the numbers at the ends of their names")
  func nodeOrder() {
    let nodes = [
      Self.node("w10"), Self.node("w2"), Self.node("lb", .loadBalancer), Self.node("w"),
      Self.node("z", .controlPlane), Self.node("12"),
    ]
    #expect(
      Cluster(id: Self.dev, nodes: nodes).nodes.map(\.name) == ["z", "12", "w", "w2", "w10", "lb"])
  }

  @Test("control planes start first and stop last, each rank by itself")
  func steps() {
    let nodes = [
      Self.node("w"), Self.node("api", .controlPlane, rank: 1), Self.node("etcd", .controlPlane),
      Self.node("lb", .loadBalancer), Self.node("registry", .registry), Self.node("late", rank: 2),
    ]
    let starting = NodeOrder.starting(nodes).map { $0.map(\.name) }
    #expect(starting == [["etcd"], ["api"], ["w", "lb", "registry"], ["late"]])
    #expect(NodeOrder.stopping(nodes).map { $0.map(\.name) } == starting.reversed())
    #expect(NodeOrder.starting([]).isEmpty)
  }

  @Test("the API is where a load balancer serves it, or a control plane, one that is ready first")
  func endpoints() {
    func endpoint(_ nodes: ClusterNode...) -> String? { Cluster(id: Self.dev, nodes: nodes).endpoint }
    let (plane, balancer) = (
      Self.node("a", .controlPlane, endpoint: "https://plane"),
      Self.node("b", .loadBalancer, endpoint: "https://balancer")
    )
    var stopped = balancer
    stopped.state = .stopped
    #expect(endpoint(plane, balancer) == "https://balancer")
    #expect(endpoint(plane, stopped) == "https://plane")
    #expect(endpoint(plane) == "https://plane")
    #expect(endpoint(stopped) == "https://balancer")
    #expect(endpoint(Self.node("c")) == nil)
  }

  @Test("nodes have moved if they have other addresses than were noted of them")
  func moved() {
    var nodes = ["same", "other", "stopped", "new", "anew"].map { Self.node($0) }
    for index in nodes.indices where nodes[index].name != "stopped" { nodes[index].addresses = ["10.0.0.2"] }
    let notes = ["id-same": ["10.0.0.2"], "id-other": ["10.0.0.3"], "id-stopped": ["10.0.0.4"], "x": ["1"]]
    #expect(
      MovedNode.among(nodes, noted: notes) == [
        MovedNode(node: "other", before: ["10.0.0.3"], now: ["10.0.0.2"])
      ])
  }

  // MARK: Choosing

  private static let clusters = Cluster.all(
    of: [("kind", "dev"), ("k3d", "dev"), ("kind", "dev-2")].map { scheme, name in
      node("n", of: ClusterID(scheme: scheme, name: name))
    })

  @Test(
    "a name means one cluster, or an error says why not",
    arguments: [
      ("dev-2", nil, "dev-2 (kind)"), ("dev", "k3d", "dev (k3d)"), ("dev", nil, "E1005"),
      ("de", nil, "E1003"), ("dev-2", "k3d", "E1003"), ("dev", "k3", "E1004"), ("", nil, "E1003"),
    ] as [(String, String?, String)])
  func choosing(_ name: String, _ scheme: String?, _ expected: String) throws {
    do {
      let cluster = try ClusterChoice(name: name, scheme: scheme).find(in: Self.clusters, on: "lab")
      #expect(cluster.id.description == expected)
    } catch let error as DiagnosticError {
      #expect(error.diagnostics.first?.code.rawValue == expected)
      #expect(error.diagnostics.first?.help != nil)
    }
  }

  @Test("a cluster of which only networks are left has no nodes")
  func withoutNodes() {
    let network = Belonging(.network, id: "1", name: "dev", cluster: Self.dev)
    let error = #expect(throws: DiagnosticError.self) {
      try Cluster(id: Self.dev, nodes: [], belongings: [network]).requireNodes(on: "lab")
    }
    #expect(error?.diagnostics.first?.code == .clusterWithoutNodes)
  }
}
