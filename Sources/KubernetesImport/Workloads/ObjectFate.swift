import WorkloadSpec

/// What becomes of an object as a whole.
enum ObjectFate {
  /// It becomes a workload.
  case workload(Controller)
  /// Workloads take from it what they name.
  case part
  /// The server or a controller makes it.
  case made
  /// It is left out by what it says itself; why.
  case leftOut(String)
  /// It has no equivalent; what to do about that.
  case lost(String)

  init(_ object: ManifestObject) {
    if object.isOwned || Self.madeByServer(object) {
      self = .made
    } else if object.hook?.hasPrefix("test") == true {
      self = .leftOut("it is a test of the chart, which `helm test` runs")
    } else if let controller = Controller(object) {
      self = .workload(controller)
    } else if object.group.isEmpty, Self.parts.contains(object.kind) || object.kind == "Namespace" {
      self = .part
    } else {
      self = .lost(
        Self.routes(of: object) ?? Self.helps["\(object.group)/\(object.kind)"]
          ?? Self.helps["*/\(object.kind)"] ?? Self.other)
    }
  }

  /// Which requests an Ingress sends to which Service, for the person who sets up something in its place.
  private static func routes(of object: ManifestObject) -> String? {
    guard object.kind == "Ingress" else { return nil }
    let routes = (object.spec?.list("rules") ?? []).flatMap { rule in
      (rule["http"]?.list("paths") ?? []).compactMap { path -> String? in
        let backend = path["backend"]
        let service = backend?["service"] ?? backend
        let port = service?["port"]?["number"] ?? service?["port"]?["name"] ?? service?["servicePort"]
        guard let name = (service?["name"] ?? service?["serviceName"])?.scalar else { return nil }
        return
          "`\(rule["host"]?.scalar ?? "")\(path["path"]?.scalar ?? "/")` to `\(name):\(port?.scalar ?? "")`"
      }
    }
    guard !routes.isEmpty else { return nil }
    let rest = routes.count > 5 ? " and so on" : ""
    return "let a reverse proxy on the machine send \(routes.prefix(5).joined(separator: ", "))\(rest)"
  }

  private static let parts: Set<String> = ["ConfigMap", "Secret", "PersistentVolumeClaim", "Service"]

  private static func madeByServer(_ object: ManifestObject) -> Bool {
    switch object.kind {
    case "Endpoints", "EndpointSlice", "Event", "ControllerRevision", "Lease", "ComponentStatus", "Node": true
    case "ConfigMap": object.name == "kube-root-ca.crt"
    case "ServiceAccount": object.name == "default"
    case "Service": object.name == "kubernetes" && object.node["spec"]?["selector"] == nil
    case "Secret":
      ["kubernetes.io/service-account-token", "helm.sh/release.v1"].contains(object.node["type"]?.text ?? "")
    default: false
    }
  }

  private static let other =
    "berth runs what Deployments, StatefulSets, DaemonSets, ReplicaSets and Pods describe"
  private static let accounts =
    "a service has no account with an engine: give its program credentials of its own"
  private static let route = "let a reverse proxy on the machine ask the port that the service has there"
  private static let storage = "the engine of a target makes volumes, where it keeps them"
  private static let limits = "limit what a namespace may have by the target's own settings, in berth.yaml"

  private static let helps: [String: String] = [
    "batch/Job":
      "what is to run once before instances change is a service of `role: before` in the workload that needs it",
    "batch/CronJob": "let a scheduler run it, by `berth exec`",
    "*/PodDisruptionBudget": "`strategy` says how many instances may be away while they change",
    "*/HorizontalPodAutoscaler": "the spec leaves `replicas` open: set the number by `berth scale`",
    "*/VerticalPodAutoscaler": "state the `resources` of each service",
    "*/Ingress": route, "*/IngressClass": route, "*/IngressRoute": route, "*/HTTPRoute": route,
    "*/Gateway": route,
    "*/VirtualService": route,
    "*/NetworkPolicy":
      "services of different workloads reach each other by networks that both join, or by published ports: keep others out by a firewall",
    "/ServiceAccount": accounts, "*/Role": accounts, "*/RoleBinding": accounts, "*/ClusterRole": accounts,
    "*/ClusterRoleBinding": accounts,
    "/PersistentVolume": storage, "*/StorageClass": storage,
    "/ResourceQuota": limits, "/LimitRange": limits,
    "*/CustomResourceDefinition": "berth knows no kinds of others' making",
    "*/Certificate":
      "put certificates and key into the vault, and list them under `secrets` with `type: tls`",
    "*/ServiceMonitor": "name the port of the service where metrics are collected",
    "*/PodMonitor": "name the port of the service where metrics are collected",
    "*/ExternalSecret": "put the value into the vault, under the name that the spec has for it",
    "*/SealedSecret": "put the value into the vault, under the name that the spec has for it",
  ]
}
