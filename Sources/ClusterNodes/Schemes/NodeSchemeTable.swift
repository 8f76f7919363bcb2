extension NodeScheme {
  /// The known schemes, by name. A row more is a scheme more.
  public static let all = [k3d, kind, kwok, talos, vcluster]

  /// The scheme with a name, such as `k3d`; `nil` if berth knows none.
  public static func named(_ name: String) -> NodeScheme? { all.first { $0.name == name } }

  private static let kind = NodeScheme(
    name: "kind", clusterLabel: ClusterLabel(key: "io.x-k8s.kind.cluster"),
    roleLabel: "io.x-k8s.kind.role",
    roles: [
      RoleRule("control-plane", .controlPlane), RoleRule("external-load-balancer", .loadBalancer),
    ],
    names: [
      NameRule("*-control-plane#", "control-plane"), NameRule("*-worker#", "worker"),
      NameRule("*-external-load-balancer", "external-load-balancer"),
    ],
    anchor: "control-plane", apiPort: 6443, dependsOnAddresses: true)

  private static let k3d = NodeScheme(
    name: "k3d", clusterLabel: ClusterLabel(key: "k3d.cluster"), roleLabel: "k3d.role",
    roles: [
      RoleRule("server", .controlPlane), RoleRule("loadbalancer", .loadBalancer),
      RoleRule("registry", .registry),
    ],
    names: [], apiPort: 6443)

  private static let talos = NodeScheme(
    name: "talos", clusterLabel: ClusterLabel(key: "talos.cluster.name"),
    otherLabels: ["talos.owned": "true"], roleLabel: "talos.type",
    roles: [RoleRule("init", .controlPlane), RoleRule("controlplane", .controlPlane)],
    names: [], apiPort: 6443, dependsOnAddresses: true)

  private static let vcluster = NodeScheme(
    name: "vcluster",
    roles: [RoleRule("control-plane", .controlPlane), RoleRule("load-balancer", .loadBalancer)],
    names: [
      NameRule("vcluster.cp.*", "control-plane"), NameRule("vcluster.node.*.%", "worker"),
      NameRule("vcluster.lb.*.%", "load-balancer"),
    ],
    apiPort: 8443)

  /// Its nodes are the parts of a control plane: kwok plays the machines. They wait for each other in this order.
  private static let kwok = NodeScheme(
    name: "kwok", clusterLabel: ClusterLabel(key: "com.docker.compose.project", prefix: "kwok-"),
    roles: [
      RoleRule("etcd", .controlPlane), RoleRule("kube-apiserver", .controlPlane, rank: 1),
      RoleRule("apiserver", .controlPlane, rank: 1),
      RoleRule("kube-controller-manager", .controlPlane, rank: 2),
      RoleRule("controller-manager", .controlPlane, rank: 2),
      RoleRule("kube-scheduler", .controlPlane, rank: 2), RoleRule("scheduler", .controlPlane, rank: 2),
    ],
    names: [
      "etcd", "kube-apiserver", "apiserver", "kube-controller-manager", "controller-manager",
      "kube-scheduler",
      "scheduler", "kwok-controller", "controller", "kubectl-proxy", "dashboard-metrics-scraper", "dashboard",
      "metrics-server", "prometheus", "jaeger",
    ].map { NameRule("kwok-*-\($0)", $0) },
    apiPort: 6443)
}
