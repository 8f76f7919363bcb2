import KubernetesAPI
import WorkloadSpec

@testable import KubernetesProvider
@testable import ProviderContract

extension [EngineEdit] {
  /// The fields that only Kubernetes knows, each with a way to set and to change it.
  static let kubernetes: [EngineEdit] = ofWorkload + ofService + ofVolume + ofPort

  private static func workload(
    _ path: String, _ prepare: @escaping @Sendable (inout KubernetesWorkload) -> Void,
    _ change: @escaping @Sendable (inout KubernetesWorkload) -> Void
  ) -> EngineEdit {
    EngineEdit(
      "on.kubernetes.\(path)", { prepare(&$0.on[KubernetesWorkload.self]) },
      { change(&$0.on[KubernetesWorkload.self]) })
  }

  private static let ofWorkload: [EngineEdit] = [
    workload("serviceAccount", { $0.serviceAccount = "default" }, { $0.serviceAccount = "other" }),
    workload(
      "nodeSelector", { $0.nodeSelector = ["kubernetes.io/os": "linux"] },
      { $0.nodeSelector = ["kubernetes.io/arch": "amd64"] }),
    workload("tolerations", { $0.tolerations = [tolerance("one")] }, { $0.tolerations = [tolerance("two")] }),
    workload("affinity", { $0.affinity = affinity(1) }, { $0.affinity = affinity(2) }),
    workload(
      "topologySpread", { $0.topologySpread = [spread(1)] }, { $0.topologySpread = [spread(2)] }),
    workload(
      "priorityClass", { $0.priorityClass = "system-cluster-critical" },
      { $0.priorityClass = "system-node-critical" }),
    workload("budget.minAvailable", { $0.budget.minAvailable = "0" }, { $0.budget.minAvailable = "10%" }),
    workload(
      "budget.maxUnavailable", { $0.budget.maxUnavailable = "1" }, { $0.budget.maxUnavailable = "50%" }),
    workload(
      "annotations", { $0.annotations = ["example.com/a": "one"] },
      { $0.annotations = ["example.com/a": "two"] }),
    workload("serviceType", { _ in }, { $0.serviceType = .nodePort }),
    workload(
      "serviceAnnotations", { $0.serviceAnnotations = ["example.com/a": "one"] },
      { $0.serviceAnnotations = ["example.com/a": "two"] }),
    workload(
      "externalTraffic", { $0.serviceType = .nodePort },
      {
        $0.serviceType = .nodePort
        $0.externalTraffic = .local
      }),
    workload(
      "sourceRanges",
      {
        $0.serviceType = .loadBalancer
        $0.sourceRanges = ["10.0.0.0/8"]
      },
      {
        $0.serviceType = .loadBalancer
        $0.sourceRanges = ["10.0.0.0/8", "192.168.0.0/16"]
      }),
    workload("fsGroup", { $0.fsGroup = 2000 }, { $0.fsGroup = 3000 }),
    workload("dnsPolicy", { $0.dnsPolicy = .clusterFirst }, { $0.dnsPolicy = .node }),
    workload("revisionHistory", { $0.revisionHistory = 2 }, { $0.revisionHistory = 3 }),
  ]

  private static func tolerance(_ key: String) -> Toleration {
    var toleration = Toleration()
    (toleration.key, toleration.value, toleration.effect) = (key, "yes", .noSchedule)
    return toleration
  }

  private static func affinity(_ weight: Int64) -> Tree {
    Tree([
      "nodeAffinity": [
        "preferredDuringSchedulingIgnoredDuringExecution": [
          [
            "weight": .int(weight),
            "preference": [
              "matchExpressions": [["key": "disktype", "operator": "In", "values": ["ssd"]]]
            ],
          ]
        ]
      ]
    ])
  }

  private static func spread(_ skew: Int) -> TopologySpread {
    var spread = TopologySpread()
    (spread.topologyKey, spread.maxSkew, spread.otherwise) = ("kubernetes.io/hostname", skew, .scheduleAnyway)
    return spread
  }

  private static func service(
    _ path: String, _ prepare: @escaping @Sendable (inout Service, inout KubernetesService) -> Void,
    _ change: @escaping @Sendable (inout Service, inout KubernetesService) -> Void
  ) -> EngineEdit {
    let apply: @Sendable (inout Workload, (inout Service, inout KubernetesService) -> Void) -> Void = {
      workload, edit in
      var own = workload.services[0].on[KubernetesService.self]
      edit(&workload.services[0], &own)
      workload.services[0].on[KubernetesService.self] = own
    }
    return EngineEdit(
      "services.on.kubernetes.\(path)", { apply(&$0, prepare) }, { apply(&$0, change) })
  }

  private static func liveness(
    _ path: String, _ prepare: @escaping @Sendable (inout Liveness) -> Void,
    _ change: @escaping @Sendable (inout Liveness) -> Void
  ) -> EngineEdit {
    let set: @Sendable (inout Service, inout KubernetesService, (inout Liveness) -> Void) -> Void = {
      service, own, edit in
      var (check, liveness) = (HealthCheck(), Liveness())
      check.command = ["/bin/true"]
      service.healthCheck = check
      edit(&liveness)
      own.liveness = liveness
    }
    return service("liveness.\(path)", { set(&$0, &$1, prepare) }, { set(&$0, &$1, change) })
  }

  private static let ofService: [EngineEdit] = [
    liveness("interval", { _ in }, { $0.interval = .seconds(20) }),
    liveness("timeout", { _ in }, { $0.timeout = .seconds(3) }),
    liveness("retries", { _ in }, { $0.retries = 5 }),
    liveness("startPeriod", { $0.startPeriod = .seconds(60) }, { $0.startPeriod = .seconds(90) }),
    service("preStop", { $1.preStop = ["/bin/true"] }, { $1.preStop = ["/bin/true", "again"] }),
    service(
      "runAsNonRoot", { service, _ in service.fields.user = "1000" },
      { service, own in
        service.fields.user = "1000"
        own.runAsNonRoot = true
      }),
    service("seccompProfile", { _, _ in }, { $1.seccompProfile = "RuntimeDefault" }),
    service("gpuResource", { _, _ in }, { $1.gpuResource = "amd.com/gpu" }),
    service(
      "resources", { _, _ in }, { $1.resources = ["ephemeral-storage": "64Mi"] }),
  ]

  private static func volume(
    _ path: String, _ prepare: @escaping @Sendable (inout Volume, inout KubernetesVolume) -> Void,
    _ change: @escaping @Sendable (inout Volume, inout KubernetesVolume) -> Void
  ) -> EngineEdit {
    let apply: @Sendable (inout Workload, (inout Volume, inout KubernetesVolume) -> Void) -> Void = {
      workload, edit in
      var own = workload.services[0].volumes[0].on[KubernetesVolume.self]
      edit(&workload.services[0].volumes[0], &own)
      workload.services[0].volumes[0].on[KubernetesVolume.self] = own
    }
    return EngineEdit(
      "services.volumes.on.kubernetes.\(path)", { apply(&$0, prepare) }, { apply(&$0, change) })
  }

  private static let ofVolume: [EngineEdit] = [
    volume("storageClass", { _, own in own.storageClass = "one" }, { _, own in own.storageClass = "two" }),
    volume(
      "accessMode", { _, own in own.accessMode = .readWriteOnce },
      { _, own in own.accessMode = .readOnlyMany }),
    volume(
      "hostPathType",
      { volume, own in
        (volume.type, volume.source, own.hostPathType) = (.bind, "/var/log", .folder)
      },
      { volume, own in
        (volume.type, volume.source, own.hostPathType) = (.bind, "/var/log", .folderOrCreate)
      }),
    volume(
      "propagation", { _, own in own.propagation = Propagation.none },
      { _, own in own.propagation = .fromNode }),
  ]

  private static func port(
    _ path: String, _ prepare: @escaping @Sendable (inout KubernetesPort) -> Void,
    _ change: @escaping @Sendable (inout KubernetesPort) -> Void
  ) -> EngineEdit {
    EngineEdit(
      "services.ports.on.kubernetes.\(path)",
      {
        $0.on[KubernetesWorkload.self].serviceType = .nodePort
        prepare(&$0.services[0].ports[0].on[KubernetesPort.self])
      },
      {
        $0.on[KubernetesWorkload.self].serviceType = .nodePort
        change(&$0.services[0].ports[0].on[KubernetesPort.self])
      })
  }

  private static let ofPort: [EngineEdit] = [
    port("servicePort", { $0.servicePort = 80 }, { $0.servicePort = 81 }),
    port("nodePort", { $0.nodePort = 30_801 }, { $0.nodePort = 30_802 }),
    port("appProtocol", { $0.appProtocol = "http" }, { $0.appProtocol = "example.com/h2c" }),
  ]
}
