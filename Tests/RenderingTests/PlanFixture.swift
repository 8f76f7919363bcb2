import Diagnostics
import Planning
import WorkloadSpec

/// Plans in few words.
enum PlanFixture {
  static func service(_ name: String, _ edit: (inout Service) -> Void = { _ in }) -> Service {
    var service = Service()
    service.name = name
    service.command = ["/bin/\(name)"]
    edit(&service)
    return service
  }

  static func workload(_ services: [Service]) -> Workload {
    var workload = Workload()
    workload.name = "shop"
    workload.replicas = 1
    workload.services = services
    return workload
  }

  static func change(
    _ path: String, _ old: ChangeValue, _ new: ChangeValue, _ causes: Set<Cause> = [.spec]
  ) -> Change {
    Change(path: path, old: old, new: new, causes: causes, impact: .restart)
  }

  static func action(
    _ kind: ActionKind, _ instance: Int, _ service: String? = nil, _ changes: [Change] = [],
    causes: Set<Cause> = [.spec], reason: ActionReason? = nil, after: [String] = [],
    alsoRestarts: [String] = [],
    interrupts: Bool = false
  ) -> Action {
    let id = InstanceID(instance)
    return Action(
      kind, service.map { .service(id, $0) } ?? .instance(id), changes: changes, causes: causes,
      reason: reason, after: after.map { ActionID($0) }, alsoRestarts: alsoRestarts,
      isInterruption: interrupts)
  }

  static let record = Action(.record, .workload, causes: [.spec])

  static func plan(
    _ actions: [Action], intent: RunIntent = .apply, base: Int? = 4, desired: Workload? = nil,
    workloadChanges: [Change] = [], notes: [Diagnostic] = [], detached: [ObservedVolume] = [],
    target: String = "local", name: String = "shop", newPins: Set<String> = [], images: [ImageLead] = [],
    afterPause: [Action] = []
  ) -> Plan {
    Plan(
      key: WorkloadKey(name: name), target: target,
      engine: EngineIdentity(provider: "local", id: "e1"), intent: intent, base: base, desired: desired,
      workloadChanges: workloadChanges, actions: actions, afterPause: afterPause, notes: Diagnostics(notes),
      detachedVolumes: detached,
      newPins: newPins, images: images)
  }

  /// One of everything.
  static let rich: Plan = {
    let web = service("web") {
      $0.role = .sidecar
      $0.image = "envoy:1.30"
      $0.env = ["MODE": "edge"]
      $0.ports = [Port(), Port()]
      $0.ports[0].container = 8080
      $0.ports[1].container = 9000
      $0.ports[1].protocol = .udp
      $0.ports[1].host = 90
      $0.configFiles = [ConfigFile()]
      $0.configFiles[0].name = "app"
      $0.configFiles[0].path = "/etc/app"
      $0.configFiles[0].content = "a: 1\nb: 2\n"
    }
    let content = (1...9).map { "line\($0)" }.joined(separator: "\n") + "\n"
    return plan(
      [
        action(
          .restart, 0, "api",
          [
            change("args", .value(["--fast"]), .absent),
            change("env.LOG_LEVEL", .value("info"), .value("debug")),
            change("env.NEW", .absent, .value("yes"), [.drift]),
            change("secrets[env/API_TOKEN].value", .secret, .secret, [.external]),
            change(
              "configFiles[app].content", .value(.string(content)),
              .value(.string(content.replacing("line5", with: "five")))),
          ], causes: [.spec, .drift, .external], interrupts: true),
        action(
          .replace, 0, "logs", [change("image", .value("logs:1"), .value("logs:2"), [.drift])],
          causes: [.drift],
          reason: .canNotChange(fields: ["image"], engine: .init("Docker", makes: "container")),
          alsoRestarts: ["envoy"],
          interrupts: true),
        action(.create, 0, "web", after: ["restart 0.api"]),
        action(.start, 0, "job", causes: [.drift], reason: .hasFailed(exitCode: 1)),
        action(.delete, 0, "db", after: ["restart 0.api"], interrupts: true),
        Action(.record, .workload, causes: [.spec], after: [ActionID("delete 0.db")]),
      ], desired: workload([web]),
      workloadChanges: [
        change("replicas", .value(2), .value(1)), change("labels.team", .absent, .value("checkout")),
      ],
      notes: [
        Diagnostic(.providerNote, "the image is shown and not run", help: "it is run on an engine")
      ],
      detached: [
        ObservedVolume(name: "data", type: .persistent),
        ObservedVolume(name: "cache", ordinal: 2, type: .persistent),
      ])
  }()
}
