/// What the tools that make development clusters call their containers, and what they write on them.
public enum ClusterMaker: String, CaseIterable, Sendable {
  case kind
  /// A kind of old, which wrote nothing on its containers.
  case kindWithoutLabels
  case k3d
  case talos
  case vcluster
  case kwok
  /// A container as its maker makes it.
  public typealias Made = (name: String, labels: [String: String])

  /// The scheme that its clusters are told by.
  public var scheme: String { self == .kindWithoutLabels ? "kind" : rawValue }

  /// Whether it writes the name of the cluster on what it makes.
  public var labelsClusters: Bool { belongingLabels(of: "a") != nil }

  /// The first control plane of a cluster.
  public func controlPlane(of cluster: String) -> Made {
    switch self {
    case .kind: ("\(cluster)-control-plane", kindLabels(cluster, "control-plane"))
    case .kindWithoutLabels: ("\(cluster)-control-plane", [:])
    case .k3d: ("k3d-\(cluster)-server-0", k3dLabels(cluster, "server"))
    case .talos: ("\(cluster)-controlplane-1", talosLabels(cluster, "controlplane"))
    case .vcluster: ("vcluster.cp.\(cluster)", [:])
    case .kwok: ("kwok-\(cluster)-etcd", kwokLabels(cluster))
    }
  }

  /// A worker of a cluster.
  ///
  /// - Parameter number: from 1.
  public func worker(_ number: Int, of cluster: String) -> Made {
    let suffix = number == 1 ? "" : "\(number)"
    return switch self {
    case .kind: ("\(cluster)-worker\(suffix)", kindLabels(cluster, "worker"))
    case .kindWithoutLabels: ("\(cluster)-worker\(suffix)", [:])
    case .k3d: ("k3d-\(cluster)-agent-\(number - 1)", k3dLabels(cluster, "agent"))
    case .talos: ("\(cluster)-worker-\(number)", talosLabels(cluster, "worker"))
    case .vcluster: ("vcluster.node.\(cluster).worker-\(number)", [:])
    case .kwok: ("kwok-\(cluster)-kwok-controller\(suffix)", kwokLabels(cluster))
    }
  }

  /// The load balancer of a cluster; `nil` if its maker makes none.
  public func loadBalancer(of cluster: String) -> Made? {
    switch self {
    case .kind: ("\(cluster)-external-load-balancer", kindLabels(cluster, "external-load-balancer"))
    case .kindWithoutLabels: ("\(cluster)-external-load-balancer", [:])
    case .k3d: ("k3d-\(cluster)-serverlb", k3dLabels(cluster, "loadbalancer"))
    case .vcluster: ("vcluster.lb.\(cluster).web.default", [:])
    case .talos, .kwok: nil
    }
  }

  /// What the networks and volumes of a cluster carry; `nil` if nothing tells whose they are.
  public func belongingLabels(of cluster: String) -> [String: String]? {
    switch self {
    case .kind: ["io.x-k8s.kind.cluster": cluster]
    case .k3d: ["app": "k3d", "k3d.cluster": cluster]
    case .talos: ["talos.owned": "true", "talos.cluster.name": cluster]
    case .kwok: kwokLabels(cluster)
    case .kindWithoutLabels, .vcluster: nil
    }
  }

  private func kindLabels(_ cluster: String, _ role: String) -> [String: String] {
    ["io.x-k8s.kind.cluster": cluster, "io.x-k8s.kind.role": role]
  }

  private func k3dLabels(_ cluster: String, _ role: String) -> [String: String] {
    ["app": "k3d", "k3d.cluster": cluster, "k3d.role": role]
  }

  private func talosLabels(_ cluster: String, _ type: String) -> [String: String] {
    ["talos.owned": "true", "talos.cluster.name": cluster, "talos.type": type]
  }

  private func kwokLabels(_ cluster: String) -> [String: String] {
    ["com.docker.compose.project": "kwok-\(cluster)"]
  }
}
