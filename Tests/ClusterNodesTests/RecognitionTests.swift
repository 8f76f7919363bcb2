import ClusterNodes
import Testing

/// Which containers are nodes, and of which clusters.
@Suite struct RecognitionTests {
  /// A container on an engine, and what it must be taken for: `scheme/cluster/raw role`, or nothing.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let labels: [String: String]
    let expected: String?

    init(_ name: String, _ labels: [String: String] = [:], _ expected: String?) {
      self.name = name
      self.labels = labels
      self.expected = expected
    }

    var testDescription: String { "\(name) \(labels)" }
  }

  private static func kind(_ cluster: String, _ role: String) -> [String: String] {
    ["io.x-k8s.kind.cluster": cluster, "io.x-k8s.kind.role": role]
  }
  private static func k3d(_ cluster: String, _ role: String) -> [String: String] {
    ["k3d.cluster": cluster, "k3d.role": role, "app": "k3d"]
  }
  private static func talos(_ cluster: String, _ role: String) -> [String: String] {
    ["talos.owned": "true", "talos.cluster.name": cluster, "talos.type": role]
  }
  private static func compose(_ project: String, service: String? = nil) -> [String: String] {
    var labels = ["com.docker.compose.project": project]
    labels["com.docker.compose.service"] = service
    return labels
  }

  /// All of these are on one engine.
  static let engine: [Case] = [
    // kind by labels; the names say something else.
    Case("a-control-plane", kind("a", "control-plane"), "kind/a/control-plane"),
    Case("a-worker2", kind("a", "worker"), "kind/a/worker"),
    Case("a-external-load-balancer", kind("a", "external-load-balancer"), "kind/a/external-load-balancer"),
    Case("a-worker-control-plane", kind("a-worker", "control-plane"), "kind/a-worker/control-plane"),
    Case("a-worker-worker", kind("a-worker", "worker"), "kind/a-worker/worker"),
    Case("renamed", kind("a", "worker"), "kind/a/worker"),
    Case("a-worker3", ["io.x-k8s.kind.cluster": "a"], "kind/a/worker"),
    Case("nameless", kind("", "worker"), nil),
    // kind by names, where there are no labels.
    Case("old-control-plane", [:], "kind/old/control-plane"),
    Case("old-control-plane2", [:], "kind/old/control-plane"),
    Case("old-worker", [:], "kind/old/worker"),
    Case("old-worker10", [:], "kind/old/worker"),
    Case("old-external-load-balancer", [:], "kind/old/external-load-balancer"),
    Case("old-control-plane-worker", [:], nil),
    Case("old-worker-control-plane", [:], "kind/old-worker/control-plane"),
    Case("old-worker-worker", [:], "kind/old-worker/worker"),
    Case("old-worker-x", [:], nil),
    Case("-worker", [:], nil),
    // What only looks like a node.
    Case("shop-worker", [:], nil),
    Case("old-worker4", compose("old", service: "worker"), nil),
    // k3d.
    Case("k3d-a-server-0", k3d("a", "server"), "k3d/a/server"),
    Case("k3d-a-agent-0", k3d("a", "agent"), "k3d/a/agent"),
    Case("k3d-a-serverlb", k3d("a", "loadbalancer"), "k3d/a/loadbalancer"),
    Case("k3d-a-tools", k3d("a", "noRole"), "k3d/a/noRole"),
    Case("k3d-a-b-server-0", k3d("a-b", "server"), "k3d/a-b/server"),
    Case("registry", ["k3d.role": "registry", "app": "k3d"], nil),
    // Talos.
    Case("a-controlplane-1", talos("a", "controlplane"), "talos/a/controlplane"),
    Case("t-worker-1", talos("a", "worker"), "talos/a/worker"),
    Case("a-b-controlplane-1", talos("a-b", "init"), "talos/a-b/init"),
    Case("t-stray", ["talos.cluster.name": "a", "talos.type": "worker"], nil),
    // vcluster.
    Case("vcluster.cp.a", [:], "vcluster/a/control-plane"),
    Case("vcluster.node.a.w-1", [:], "vcluster/a/worker"),
    Case("vcluster.node.a.w.1", [:], "vcluster/a/worker"),
    Case("vcluster.lb.a.web.default", [:], "vcluster/a/load-balancer"),
    Case("vcluster.cp.a-b", [:], "vcluster/a-b/control-plane"),
    Case("vcluster.node.a-b.w-1", [:], "vcluster/a-b/worker"),
    Case("vcluster.cp.a-worker", [:], "vcluster/a-worker/control-plane"),
    Case("vcluster.cp.a-control-plane", [:], "vcluster/a-control-plane/control-plane"),
    Case("vcluster.node.a.a-worker", [:], "vcluster/a/worker"),
    Case("vcluster.node.a", [:], nil),
    Case("vcluster.cp.", [:], nil),
    Case("xvcluster.cp.a", [:], nil),
    // kwok by its label, which is compose's, and by names.
    Case("kwok-a-etcd", compose("kwok-a"), "kwok/a/etcd"),
    Case("kwok-a-kube-apiserver", compose("kwok-a"), "kwok/a/kube-apiserver"),
    Case("kwok-a-b-etcd", compose("kwok-a-b"), "kwok/a-b/etcd"),
    Case("kwok-a-b-kueue", compose("kwok-a-b"), "kwok/a-b/kueue"),
    Case("kwok-kwok-kwok-controller", compose("kwok-kwok"), "kwok/kwok/kwok-controller"),
    Case("kwok-n-controller", [:], "kwok/n/controller"),
    Case("kwok-n-kube-controller-manager", [:], "kwok/n/kube-controller-manager"),
    Case("kwok-n-m-kwok-controller", [:], "kwok/n-m/kwok-controller"),
    Case("kwok-n-web", [:], nil),
    Case("kwok-demo-web-1", compose("kwok-demo", service: "web"), nil),
    Case("kwok-old-etcd", compose("kwok-old", service: "etcd"), "kwok/old/etcd"),
    Case("kwok-n-prometheus", compose("metrics", service: "prometheus"), nil),
    Case("kwok-", [:], nil),
    Case("", [:], nil),
  ]

  private static let memberships = NodeRecognition.memberships(
    of: engine.map { NodeCandidate(name: $0.name, labels: $0.labels) })

  @Test("a container is told by its labels, and by its name where it has none", arguments: engine.indices)
  func isToldApart(_ index: Int) {
    let found = Self.memberships[index].map { "\($0.cluster.scheme)/\($0.cluster.name)/\($0.rawRole)" }
    #expect(found == Self.engine[index].expected, "\(Self.engine[index].testDescription)")
  }

  @Test("a name is a node's only beside the control plane that it needs")
  func anchors() {
    func isNode(_ names: String...) -> [Bool] {
      NodeRecognition.memberships(of: names.map { NodeCandidate(name: $0) }).map { $0 != nil }
    }
    #expect(isNode("a-worker") == [false])
    #expect(isNode("a-worker", "b-control-plane") == [false, true])
    #expect(isNode("a-worker", "a-control-plane") == [true, true])
    let mixed = NodeRecognition.memberships(of: [
      NodeCandidate(name: "a-worker"), NodeCandidate(name: "x", labels: Self.kind("a", "control-plane")),
    ])
    #expect(mixed.map { $0?.cluster.name } == ["a", "a"])
  }

  @Test(
    "networks and volumes are told by labels alone",
    arguments: [
      (kind("a", "worker"), "a (kind)"), (["k3d.cluster": "a-b"], "a-b (k3d)"),
      (["talos.owned": "true", "talos.cluster.name": "a"], "a (talos)"),
      (["talos.cluster.name": "a"], nil), (compose("kwok-a"), "a (kwok)"), (compose("a"), nil),
      (["com.docker.compose.project": "kwok-a", "com.docker.compose.network": "default"], nil),
      (["com.docker.compose.project": "kwok-a", "com.docker.compose.volume": "data"], nil),
      (["app": "k3d"], nil), ([:], nil),
    ] as [([String: String], String?)])
  func belongings(_ labels: [String: String], _ expected: String?) {
    #expect(NodeRecognition.cluster(ofBelonging: labels)?.description == expected)
  }

  @Test(
    "roles are normalised",
    arguments: [
      ("kind", "control-plane", NodeRole.controlPlane), ("kind", "worker", .worker),
      ("kind", "external-load-balancer", .loadBalancer), ("k3d", "server", .controlPlane),
      ("k3d", "agent", .worker), ("k3d", "loadbalancer", .loadBalancer), ("k3d", "registry", .registry),
      ("k3d", "noRole", .worker), ("talos", "init", .controlPlane), ("talos", "controlplane", .controlPlane),
      ("talos", "worker", .worker), ("vcluster", "control-plane", .controlPlane),
      ("vcluster", "worker", .worker), ("vcluster", "load-balancer", .loadBalancer),
      ("kwok", "etcd", .controlPlane), ("kwok", "kube-apiserver", .controlPlane),
      ("kwok", "kube-scheduler", .controlPlane), ("kwok", "kwok-controller", .worker),
      ("kwok", "prometheus", .worker), ("kind", "", .worker),
    ])
  func roles(_ scheme: String, _ raw: String, _ role: NodeRole) throws {
    #expect(try #require(NodeScheme.named(scheme)).role(of: raw).role == role)
  }
}
