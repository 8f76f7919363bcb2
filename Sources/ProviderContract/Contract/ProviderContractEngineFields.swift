import Planning
import ProviderKit
import Values
import WorkloadSpec

extension ProviderContract {
  // MARK: Fields that only one engine knows

  static let engineFieldsCases: [ContractCase] = [
    ContractCase("the harness knows how to change every field that only this engine knows", "own") { scene in
      let engine = scene.provider.traits.engineFields
      let isOwn = { (path: String) in path.split(separator: ".").contains("on") }
      let own = FieldTable.fields(of: [.services], on: engine).filter { $0.isCompared }.map(\.path)
        .filter(isOwn)
      // Of what is not tried, some fields are the language's own.
      try expect(
        Set(scene.harness.engineEdits.map(\.path)).union(scene.harness.untriedFields.filter(isOwn)),
        is: Set(own), "the fields with an edit")
    },
    ContractCase("what is said on this engine is written, read back and changed", "on") { scene in
      let table = scene.provider.fields(on: try await scene.provider.info().facts)
      let base = EngineEdit.base(scene)
      for edit in scene.harness.engineEdits {
        let row = try require(table[edit.path], "a row for `\(edit.path)`")
        var (made, changed) = (base, base)
        edit.prepare(&made)
        edit.change(&changed)
        let read = { () -> Value? in
          let live = try await scene.require("api").live
          var workload = made
          (workload.on, workload.services[0]) = (live.workloadBlocks, live.service)
          return edit.value(in: workload)
        }
        try await scene.apply(made, run: "run-1")
        if row.treatment.isTold {
          try expect(try await read(), is: edit.value(in: made), "what was made of `\(edit.path)`")
        }
        try expect(
          try await scene.plan(made, last: made).actions.map(\.id), is: [],
          "the actions of a second plan with `\(edit.path)`")
        let plan = try await scene.plan(changed, last: made)
        try expect(
          plan.actions.contains { $0.kind.isPerformed }, is: row.treatment.isTold,
          "whether a change of `\(edit.path)` touches anything")
        try expect(
          plan.actions.contains { $0.kind == .record }, "a release with the change of `\(edit.path)`")
        try expect(
          plan.actions.flatMap(\.changes).contains { $0.path.contains("on.\(edit.engine).") },
          "a change that names `\(edit.path)`")
        try await scene.apply(changed, last: made, run: "run-2")
        if row.treatment.isTold {
          try expect(try await read(), is: edit.value(in: changed), "what was changed of `\(edit.path)`")
        }
        try expect(
          try await scene.plan(changed, last: changed).actions.map(\.id), is: [],
          "the actions of a plan after the change of `\(edit.path)`")
        try await scene.tidyUp()
      }
    },
    ContractCase("what is said on another engine changes nothing but the release", "elsewhere") { scene in
      let base = EngineEdit.base(scene)
      try await scene.apply(base)
      let observation = try await scene.observe()
      var told = base
      told.on["elsewhere"] = ["pool": "left"]
      told.services[0].on["elsewhere"] = ["seed": "1"]
      told.services[0].volumes[0].on["elsewhere"] = ["tier": "cold"]
      told.services[0].ports[0].on["elsewhere"] = ["backlog": 7]
      try expect(
        observation.fingerprint(desired: told, last: base),
        is: observation.fingerprint(desired: base, last: base), "the fingerprint")
      let plan = try await scene.plan(told, last: base)
      try expect(plan.actions.map(\.kind), is: [.record], "the kinds of the actions")
      try expect(plan.desired?.on["elsewhere"], is: ["pool": "left"], "the block that the release keeps")
      try await scene.apply(told, last: base, run: "run-2")
      try expect(try await scene.plan(told, last: told).actions.map(\.id), is: [], "the actions after it")
      // One that was made with it is as one that was made without it.
      try await scene.tidyUp()
      try await scene.apply(told, run: "run-3")
      let live = try await scene.require("api")
      try expect(live.live.service.on["elsewhere"], is: nil, "what is there of the other engine's block")
      try expect(
        try await scene.plan(base, last: told).actions.map(\.kind), is: [.record], "what goes with it")
    },
  ]
}

/// A field that only one engine knows, and how to change it in a workload that ``base(_:)`` makes: its service has a
/// port and a volume.
public struct EngineEdit: Sendable {
  /// Its path in the language: `services.on.docker.domainName`.
  public let path: String
  /// Sets it.
  let prepare: @Sendable (inout Workload) -> Void
  /// Sets it to something else.
  let change: @Sendable (inout Workload) -> Void

  /// A field.
  ///
  /// - Parameters:
  ///   - path: its path in the language, in which no element is named.
  ///   - prepare: sets it.
  ///   - change: sets it to something else.
  public init(
    _ path: String, _ prepare: @escaping @Sendable (inout Workload) -> Void,
    _ change: @escaping @Sendable (inout Workload) -> Void
  ) {
    self.path = path
    self.prepare = prepare
    self.change = change
  }

  var engine: String {
    let names = path.split(separator: ".")
    return names.firstIndex(of: "on").map { String(names[$0 + 1]) } ?? ""
  }

  /// Its value in a workload; of a list, in its first element.
  func value(in workload: Workload) -> Value {
    path.split(separator: ".").reduce(workload.plain) { value, name in
      (value.list?.first ?? value)[String(name)] ?? .null
    }
  }

  /// A workload that has all that fields can be of.
  static func base(_ scene: ContractScene) -> Workload {
    var service = scene.service("api")
    var (port, volume) = (Port(), Volume())
    port.container = 8080
    (volume.name, volume.mountPath) = ("data", "/data")
    service.ports = [port]
    service.volumes = [volume]
    return scene.workload([service])
  }
}

extension [EngineEdit] {
  /// The fields of the simulated engine.
  public static let simulated: [EngineEdit] = [
    EngineEdit(
      "on.simulated.pool", { $0.on[SimulatedWorkload.self].pool = "left" },
      { $0.on[SimulatedWorkload.self].pool = "right" }),
    EngineEdit("on.simulated.tasks.name", { set(&$0, "sweep", 1) }, { set(&$0, "wash", 1) }),
    EngineEdit("on.simulated.tasks.times", { set(&$0, "sweep", 1) }, { set(&$0, "sweep", 2) }),
    EngineEdit(
      "services.on.simulated.priority", { $0.services[0].on[SimulatedService.self].priority = 1 },
      { $0.services[0].on[SimulatedService.self].priority = 2 }),
    EngineEdit(
      "services.on.simulated.seed", { $0.services[0].on[SimulatedService.self].seed = "one" },
      { $0.services[0].on[SimulatedService.self].seed = "two" }),
    EngineEdit(
      "services.on.simulated.colour", { _ in },
      { $0.services[0].on[SimulatedService.self].colour = .green }),
    EngineEdit(
      "services.volumes.on.simulated.tier",
      { $0.services[0].volumes[0].on[SimulatedVolume.self].tier = "hot" },
      { $0.services[0].volumes[0].on[SimulatedVolume.self].tier = "cold" }),
    EngineEdit(
      "services.ports.on.simulated.backlog", { $0.services[0].ports[0].on[SimulatedPort.self].backlog = 8 },
      { $0.services[0].ports[0].on[SimulatedPort.self].backlog = 16 }),
  ]

  private static func set(_ workload: inout Workload, _ name: String, _ times: Int) {
    var task = SimulatedTask()
    (task.name, task.times) = (name, times)
    workload.on[SimulatedWorkload.self].tasks = [task]
  }
}
