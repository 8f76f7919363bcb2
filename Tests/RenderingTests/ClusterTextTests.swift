import ClusterNodes
import Diagnostics
import Rendering
import Testing
import Values

/// Clusters as they are printed.
@Suite struct ClusterTextTests {
  private static let dev = ClusterID(scheme: "kind", name: "dev")

  private static func node(
    _ name: String, _ role: NodeRole, _ state: NodeState = .running, endpoint: String? = nil
  ) -> ClusterNode {
    ClusterNode(
      id: "id-\(name)", name: name, cluster: dev, role: role, rawRole: "raw", state: state, rawState: "Up",
      addresses: state == .running ? ["172.18.0.2"] : [], endpoint: endpoint)
  }

  private static let cluster = Cluster(
    id: dev,
    nodes: [
      node("dev-worker", .worker, .stopped),
      node("dev-control-plane", .controlPlane, endpoint: "https://127.0.0.1:36443"),
    ], belongings: [Belonging(.volume, id: "v", name: "v", cluster: dev)])
  private static let left = Cluster(
    id: ClusterID(scheme: "k3d", name: "left\u{1B}"), nodes: [],
    belongings: [
      Belonging(.network, id: "1", name: "left", cluster: dev),
      Belonging(.volume, id: "2", name: "left", cluster: dev),
    ])
  private static let vague = Cluster(
    id: ClusterID(scheme: "talos", name: "vague"), nodes: [], gaps: ["the region fsn1"])
  private static let problem = Diagnostic(
    .clustersUnavailable, "the target `far` can't be asked", help: "wait")

  @Test("a list has a row for each cluster")
  func list() {
    let targets = [
      TargetClusters(target: "lab", clusters: [Self.cluster]),
      TargetClusters(target: "far", problem: Self.problem),
    ]
    #expect(
      ClusterListText.render(targets, showsTargets: true, style: TextStyle()) == """
        TARGET  CLUSTER  SCHEME  PHASE     READY  ENDPOINT
        lab     dev      kind    degraded  1/2    https://127.0.0.1:36443

        """)
    #expect(
      ClusterListText.render(
        [TargetClusters(target: "lab", clusters: [Self.left, Self.vague])], showsTargets: false,
        style: TextStyle()) == """
          CLUSTER     SCHEME  PHASE     READY  ENDPOINT  NOTE
          left\\u{1B}  k3d     degraded  0/0              no nodes, only 1 network and 1 volume
          vague       talos   unknown   ?/?              can't be asked: the region fsn1

          """)
  }

  @Test("where nothing is, the list says so, and where nothing could be asked, it does not")
  func emptyLists() {
    func render(_ targets: TargetClusters...) -> String {
      ClusterListText.render(targets, showsTargets: true, style: TextStyle())
    }
    #expect(render(TargetClusters(target: "lab", clusters: [])) == "No clusters.\n")
    #expect(render(TargetClusters(target: "far", problem: Self.problem)) == "")
  }

  @Test("a list for programs has what is not known as null, and the targets that could not be asked")
  func listJSON() throws {
    let json = try Value(
      json: ClusterJSON.list([
        TargetClusters(target: "far", problem: Self.problem),
        TargetClusters(target: "lab", clusters: [Self.cluster, Self.vague]),
      ]))
    let clusters = try #require(json["clusters"]?.list)
    #expect(clusters.map { $0["phase"] } == ["degraded", "unknown"])
    #expect(clusters.map { $0["total"] } == [2, .null] && clusters.map { $0["ready"] } == [1, .null])
    #expect(clusters[0]["endpoint"] == "https://127.0.0.1:36443" && clusters[0]["target"] == "lab")
    #expect(clusters[0]["belongings"] == [["kind": "volume", "name": "v", "id": "v"]])
    #expect(
      json["unavailable"] == [
        ["target": "far", "code": "E1002", "message": "the target `far` can't be asked", "help": "wait"]
      ])
  }

  @Test("a status is a line for the whole, and where the API is")
  func status() {
    #expect(
      ClusterStatusText.render(Self.cluster, on: "lab", style: TextStyle()) == """
        dev (kind) on lab: degraded, 1 of 2 nodes ready
        API at https://127.0.0.1:36443

        """)
    #expect(
      ClusterStatusText.render(Self.vague, on: "lab", style: TextStyle()) == """
        vague (talos) on lab: unknown, how many nodes there are can't be said
        can't be asked: the region fsn1

        """)
  }

  @Test("nodes are a table, and for programs they have the words of their scheme, too")
  func nodes() throws {
    #expect(
      NodeListText.render(Self.cluster, style: TextStyle()) == """
        NODE               ROLE           STATE    ADDRESSES
        dev-control-plane  control-plane  running  172.18.0.2
        dev-worker         worker         stopped

        """)
    let json = try Value(json: ClusterJSON.nodes(Self.cluster, on: "lab"))
    let node = try #require(json["nodes"]?.list?.first)
    #expect(node["role"] == "control-plane" && node["rawRole"] == "raw")
    #expect(node["state"] == "running" && node["rawState"] == "Up")
  }

  @Test("what happens is a line each")
  func lines() {
    let text = ClusterChangeText(.delete, style: TextStyle())
    let node = ClusterItem(Self.node("dev-worker", .worker))
    let volume = ClusterItem(Self.cluster.belongings[0])
    let lines = [
      ClusterEvent.begun(node), .ended(ItemEnd(node, .succeeded, duration: .milliseconds(1200))),
      .ended(ItemEnd(volume, .failed, message: "it is\u{7} in use")), .ended(ItemEnd(volume, .notTried)),
      .ended(ItemEnd(node, .unchanged)),
    ].map(text.line)
    #expect(
      lines.joined() == """
        - delete dev-worker …
        ✓ delete dev-worker  1.2s
        ✗ delete volume v: it is\\u{07} in use
          delete volume v: not begun
          dev-worker is gone already

        """)
  }

  @Test("the question before a deletion names everything that goes")
  func question() {
    #expect(
      ClusterChangeText.question(Self.cluster, on: "lab") == """
        Delete the cluster dev (kind) on lab? The data on its nodes is lost.
          2 nodes: dev-control-plane, dev-worker
          1 volume: v
        """)
  }

  @Test("a change for programs says what became of each, and what moved")
  func changeJSON() throws {
    var change = ClusterChange(.start, of: Self.cluster)
    change.now = Self.cluster
    change.ends = [
      ItemEnd(ClusterItem(Self.cluster.nodes[0]), .failed, message: "it broke", duration: .milliseconds(7))
    ]
    change.moved = [MovedNode(node: "dev-worker", before: ["10.0.0.1"], now: ["10.0.0.2"])]
    let json = try Value(json: ClusterJSON.change(change, on: "lab"))
    #expect(
      json["items"] == [
        [
          "kind": "node", "name": "dev-control-plane", "outcome": "failed", "message": "it broke",
          "durationMilliseconds": 7,
        ]
      ])
    #expect(json["moved"] == [["node": "dev-worker", "before": ["10.0.0.1"], "now": ["10.0.0.2"]]])
    #expect(json["status"]?["phase"] == "degraded" && json["operation"] == "start")
  }
}
