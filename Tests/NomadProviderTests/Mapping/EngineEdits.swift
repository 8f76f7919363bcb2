import WorkloadSpec

@testable import NomadProvider
@testable import ProviderContract

extension [EngineEdit] {
  /// The fields that only Nomad knows, each with a way to set and to change it.
  static let nomad: [EngineEdit] = ofWorkload + ofService + ofVolume + ofPort

  private static func workload(
    _ path: String, _ prepare: @escaping @Sendable (inout NomadWorkload) -> Void,
    _ change: @escaping @Sendable (inout NomadWorkload) -> Void
  ) -> EngineEdit {
    EngineEdit(
      "on.nomad.\(path)", { prepare(&$0.on[NomadWorkload.self]) }, { change(&$0.on[NomadWorkload.self]) })
  }

  private static func reschedule(
    _ path: String, _ change: @escaping @Sendable (inout NomadReschedule) -> Void
  ) -> EngineEdit {
    workload(
      "reschedule.\(path)", { $0.reschedule = NomadReschedule() },
      {
        var policy = NomadReschedule()
        change(&policy)
        $0.reschedule = policy
      })
  }

  private static let ofWorkload: [EngineEdit] = [
    workload("priority", { _ in }, { $0.priority = 60 }),
    workload("network", { _ in }, { $0.network = "host" }),
    workload(
      "constraints", { $0.constraints = [constraint("windows")] }, { $0.constraints = [constraint("darwin")] }
    ),
    workload("affinities", { $0.affinities = [affinity(10)] }, { $0.affinities = [affinity(20)] }),
    workload("spreads", { $0.spreads = [spread(10)] }, { $0.spreads = [spread(20)] }),
    workload("minHealthyTime", { _ in }, { $0.minHealthyTime = .seconds(4) }),
    workload("healthyDeadline", { _ in }, { $0.healthyDeadline = .seconds(200) }),
    workload("progressDeadline", { _ in }, { $0.progressDeadline = .seconds(900) }),
    reschedule("attempts") { $0.attempts = 4 },
    reschedule("interval") { $0.interval = .seconds(7200) },
    reschedule("delay") { $0.delay = .seconds(7) },
    reschedule("growth") { $0.growth = .fibonacci },
    reschedule("maxDelay") { $0.maxDelay = .seconds(900) },
    workload("disk", { _ in }, { $0.disk = .isSticky }),
    workload("meta", { $0.meta = ["a": "one"] }, { $0.meta = ["a": "two"] }),
  ]

  private static func constraint(_ value: String) -> NomadConstraint {
    var constraint = NomadConstraint()
    (constraint.attribute, constraint.operator, constraint.value) = ("${attr.kernel.name}", "!=", value)
    return constraint
  }

  private static func affinity(_ weight: Int) -> NomadAffinity {
    var affinity = NomadAffinity()
    (affinity.attribute, affinity.value, affinity.weight) = ("${node.datacenter}", "dc1", weight)
    return affinity
  }

  private static func spread(_ weight: Int) -> NomadSpread {
    var spread = NomadSpread()
    (spread.attribute, spread.weight) = ("${node.datacenter}", weight)
    return spread
  }

  private static func service(
    _ path: String, _ prepare: @escaping @Sendable (inout Service, inout NomadService) -> Void,
    _ change: @escaping @Sendable (inout Service, inout NomadService) -> Void
  ) -> EngineEdit {
    let apply: @Sendable (inout Workload, (inout Service, inout NomadService) -> Void) -> Void = {
      workload, edit in
      var own = workload.services[0].on[NomadService.self]
      edit(&workload.services[0], &own)
      workload.services[0].on[NomadService.self] = own
    }
    return EngineEdit("services.on.nomad.\(path)", { apply(&$0, prepare) }, { apply(&$0, change) })
  }

  private static func restart(
    _ path: String, _ change: @escaping @Sendable (inout NomadRestart) -> Void
  ) -> EngineEdit {
    service(
      "restart.\(path)", { $1.restart = NomadRestart() },
      {
        var restart = NomadRestart()
        change(&restart)
        $1.restart = restart
      })
  }

  private static func file(_ service: inout Service) {
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", "a\n")
    service.configFiles = [file]
  }

  private static let ofService: [EngineEdit] = [
    service(
      "config", { $1.config = Tree(["ipc_mode": "private"]) }, { $1.config = Tree(["ipc_mode": "host"]) }),
    restart("attempts") { $0.attempts = 4 },
    restart("interval") { $0.interval = .seconds(900) },
    restart("delay") { $0.delay = .seconds(7) },
    restart("mode") { $0.mode = .delay },
    service(
      "changeMode", { service, _ in file(&service) },
      { service, own in
        file(&service)
        own.changeMode = .noop
      }),
    service(
      "changeSignal",
      { service, own in
        file(&service)
        own.changeMode = .signal
      },
      { service, own in
        file(&service)
        (own.changeMode, own.changeSignal) = (.signal, "SIGUSR1")
      }),
    service(
      "gpuDevice", { service, _ in service.fields.resources.gpu = 1 },
      { service, own in
        service.fields.resources.gpu = 1
        own.gpuDevice = "amd/gpu"
      }),
    service("cpuHardLimit", { _, _ in }, { $1.cpuHardLimit = true }),
    service("logFiles", { _, _ in }, { $1.logFiles = 3 }),
    service("logFileSize", { _, _ in }, { $1.logFileSize = ByteQuantity(bytes: 5 << 20) }),
    service("shutdownDelay", { _, _ in }, { $1.shutdownDelay = .seconds(3) }),
  ]

  private static func volume(
    _ path: String, _ prepare: @escaping @Sendable (inout Volume, inout NomadVolume) -> Void,
    _ change: @escaping @Sendable (inout Volume, inout NomadVolume) -> Void
  ) -> EngineEdit {
    let apply: @Sendable (inout Workload, (inout Volume, inout NomadVolume) -> Void) -> Void = {
      workload, edit in
      var own = workload.services[0].volumes[0].on[NomadVolume.self]
      (workload.services[0].volumes[0].type, workload.services[0].volumes[0].access) = (.persistent, .many)
      own.source = "contract"
      edit(&workload.services[0].volumes[0], &own)
      workload.services[0].volumes[0].on[NomadVolume.self] = own
    }
    return EngineEdit("services.volumes.on.nomad.\(path)", { apply(&$0, prepare) }, { apply(&$0, change) })
  }

  private static let ofVolume: [EngineEdit] = [
    volume("kind", { _, _ in }, { _, own in own.kind = .csi }),
    volume("source", { _, _ in }, { _, own in own.source = "other" }),
    volume(
      "accessMode", { _, own in own.kind = .csi },
      { _, own in (own.kind, own.accessMode) = (.csi, .multiNodeSingleWriter) }),
    volume(
      "attachmentMode", { _, own in own.kind = .csi },
      { _, own in (own.kind, own.attachmentMode) = (.csi, .blockDevice) }),
    volume(
      "fsType", { _, own in (own.kind, own.fsType) = (.csi, "ext4") },
      { _, own in (own.kind, own.fsType) = (.csi, "xfs") }),
    volume(
      "mountFlags", { _, own in (own.kind, own.mountFlags) = (.csi, ["noatime"]) },
      { _, own in (own.kind, own.mountFlags) = (.csi, ["ro"]) }),
    volume("propagation", { _, _ in }, { _, own in own.propagation = .fromNode }),
  ]

  private static func port(
    _ path: String, _ prepare: @escaping @Sendable (inout NomadPort) -> Void,
    _ change: @escaping @Sendable (inout NomadPort) -> Void
  ) -> EngineEdit {
    EngineEdit(
      "services.ports.on.nomad.\(path)", { prepare(&$0.services[0].ports[0].on[NomadPort.self]) },
      { change(&$0.services[0].ports[0].on[NomadPort.self]) })
  }

  private static let ofPort: [EngineEdit] = [
    port("hostNetwork", { _ in }, { $0.hostNetwork = "public" }),
    port("tags", { $0.tags = ["one"] }, { $0.tags = ["two"] }),
    port("register", { _ in }, { $0.isRegistered = false }),
  ]
}
