import Diagnostics
import Planning
import Testing
import Values
import WorkloadSpec

/// Plans for engines that can't change one service alone: what is planned is done to instances, or to the workload.
@Suite struct UnitPlanTests {
  private let shop = Fixture.shop

  private func edited(_ name: String, _ edit: (inout Service) -> Void) -> Workload {
    var workload = shop
    for index in workload.services.indices where workload.services[index].name == name {
      edit(&workload.services[index])
    }
    return workload
  }

  // MARK: Instances

  private func onInstances(
    _ desired: Workload?, observed: Observation? = nil, last: Workload? = nil, services: Set<String>? = nil,
    incomplete: Set<RunID> = [], _ edit: (inout PlanInput) -> Void = { _ in }
  ) throws -> Plan {
    try Fixture.plan(desired, observed: observed, last: last, services: services, incomplete: incomplete) {
      $0.unit = .instance
      edit(&$0)
    }
  }

  @Test("An instance comes and goes with what it holds")
  func instancesComeAndGo() throws {
    let first = try onInstances(shop)
    #expect(first.steps == ["create 0", "record workload"])
    #expect(first.actions[0].reach?.services == ["api", "db", "envoy", "migrate"])
    #expect(first.counts.map(\.count) == [1, 1] && first.interruptions.isEmpty)
    let last = try onInstances(nil, observed: Fixture.observation(of: shop), last: shop)
    #expect(last.steps == ["delete 0", "record workload"])
    #expect(last.interruptions.map(\.service) == ["api", "db", "envoy", "migrate"])
    #expect(last.interruptions.filter { !$0.isForGood }.isEmpty)
  }

  @Test("A sidecar that comes or goes replaces the instance, whatever else changes")
  func aSidecarReplacesTheInstance() throws {
    var more = edited("api") { $0.restart = .never }
    more.services.append(Fixture.service("cache", .sidecar))
    let coming = try onInstances(more, observed: Fixture.observation(of: shop), last: shop)
    #expect(coming.steps == ["replace 0", "record workload"])
    #expect(coming.paths("replace 0").contains("services[cache]"))
    #expect(coming.interruptions.map(\.service) == ["api", "db", "envoy"])
    var fewer = shop
    fewer.services.removeAll { $0.name == "envoy" }
    let going = try onInstances(fewer, observed: Fixture.observation(of: shop), last: shop)
    #expect(going.steps == ["replace 0", "record workload"])
    #expect(going.paths("replace 0") == ["services[envoy]"])
    #expect(going.action("replace 0")?.causes == [.spec])
  }

  @Test("What a service needs is done to its instance")
  func aServiceIsChangedWithItsInstance() throws {
    let restarted = try onInstances(
      edited("api") { $0.env["LEVEL"] = "debug" }, observed: Fixture.observation(of: shop), last: shop)
    #expect(restarted.steps == ["restart 0", "record workload"])
    #expect(restarted.actions[0].alsoRestarts == ["db", "envoy"])
    let ended = Fixture.observation(of: shop) { observation in
      observation.instances[0].services[3].state = .failed
      observation.instances[0].services[3].isReady = false
      observation.instances[0].services[3].exitCode = 2
    }
    let started = try onInstances(shop, observed: ended, last: shop)
    #expect(started.steps == ["start 0"])
    #expect(started.actions[0].reason == .hasFailed(exitCode: 2) && started.interruptions.isEmpty)
  }

  @Test("Instances roll one by one, a new one before the old one goes")
  func instancesRoll() throws {
    let old = Fixture.workload([Fixture.service("api")]) { $0.strategy.maxUnavailable = 0 }
    var new = old
    new.services[0].env["A"] = "1"
    let plan = try onInstances(new, observed: Fixture.observation(of: old), last: old)
    #expect(plan.steps == ["create 0_g1", "delete 0", "record workload"])
    #expect(plan.action("delete 0")?.after == [ActionID("create 0_g1")])
    #expect(plan.interruptions.isEmpty)
  }

  @Test("Operators stop and start instances, and one service of an instance is refused")
  func operatorsMeanInstances() throws {
    let observed = Fixture.observation(of: shop)
    let stop = try onInstances(shop, observed: observed, last: shop) { $0.operation = .stop(.all) }
    #expect(stop.steps == ["stop 0", "record operator state"])
    #expect(stop.interruptions.map(\.service) == ["api", "db", "envoy"])
    let error = try #require(throws: DiagnosticError.self) {
      try onInstances(shop, observed: observed, last: shop) {
        $0.operation = .stop(ServiceScope(service: "api"))
      }
    }
    #expect(error.diagnostics.map(\.code) == [.missingCapability])
  }

  // MARK: Workloads

  /// A controller that has come to its end, with its instances.
  private func observation(
    of workload: Workload, run: RunID = Fixture.released, _ progress: ObservedController.Progress = .settled,
    _ edit: (inout ObservedController) -> Void = { _ in }
  ) -> Observation {
    Fixture.observation(of: workload, run: run) { observation in
      var controller = ObservedController(
        template: workload.services.map {
          Fixture.observed($0, in: InstanceID(0), of: workload, run: run) {
            $0.state = .running
            $0.exitCode = nil
          }
        }, replicas: workload.replicas ?? 1, strategy: workload.strategy, progress: progress)
      edit(&controller)
      observation.controller = controller
    }
  }

  private func onWorkloads(
    _ desired: Workload?, observed: Observation? = nil, last: Workload? = nil, services: Set<String>? = nil,
    incomplete: Set<RunID> = [], _ edit: (inout PlanInput) -> Void = { _ in }
  ) throws -> Plan {
    try Fixture.plan(desired, observed: observed, last: last, services: services, incomplete: incomplete) {
      $0.unit = .workload
      edit(&$0)
    }
  }

  @Test("A workload is created, left alone and deleted by one action")
  func oneActionDoesIt() throws {
    #expect(try onWorkloads(shop).steps == ["create workload", "record workload"])
    #expect(try onWorkloads(shop, observed: observation(of: shop), last: shop).isEmpty)
    let deleted = try onWorkloads(nil, observed: observation(of: shop), last: shop)
    #expect(deleted.steps == ["delete workload", "record workload"])
    #expect(deleted.interruptions.map(\.service) == ["api", "db", "envoy", "migrate"])
  }

  /// What is edited, what is done, and what is interrupted.
  static let edits:
    [(name: String, edit: @Sendable (inout Workload) -> Void, kind: ActionKind, interrupted: [String])] = [
      ("a label", { $0.labels["team"] = "x" }, .update, []),
      ("the number", { $0.replicas = 3 }, .scale, []),
      ("the number, down to none", { $0.replicas = 0 }, .scale, ["api", "db", "envoy"]),
      ("the strategy", { $0.strategy.maxSurge = 2 }, .update, []),
      ("a variable", { $0.services[1].env["LEVEL"] = "debug" }, .restart, []),
      ("an image", { $0.services[1].image = "api:2" }, .replace, []),
      (
        "a variable and the number",
        {
          $0.services[1].env["LEVEL"] = "debug"; $0.replicas = 2
        }, .restart, []
      ),
      ("a new sidecar", { $0.services.append(Fixture.service("cache", .sidecar)) }, .replace, []),
      ("a sidecar less", { $0.services.removeLast() }, .replace, []),
      (
        "a variable, all at once",
        {
          $0.services[1].env["LEVEL"] = "debug"; $0.strategy.type = .recreate
        }, .restart,
        ["api", "db", "envoy"]
      ),
    ]

  @Test("What differs in the controller decides what is done", arguments: edits)
  func whatDiffersDecides(
    name: String, edit: @Sendable (inout Workload) -> Void, kind: ActionKind, interrupted: [String]
  ) throws {
    var old = shop
    old.strategy = Strategy()
    old.labels = ["team": "y"]
    old.services[1].image = "api:1"
    var new = old
    edit(&new)
    let plan = try onWorkloads(new, observed: observation(of: old), last: old)
    #expect(plan.actions.map(\.kind) == [kind, .record], "\(name)")
    #expect(plan.actions.first?.causes == [.spec])
    #expect(plan.interruptions.map(\.service) == interrupted)
    // The same difference without a change of the spec is drift, and goes back.
    let back = try onWorkloads(old, observed: observation(of: new), last: old)
    #expect(back.actions.map(\.kind) == [kind])
    #expect(back.actions.first?.causes == [.drift])
  }

  @Test("What a failed or killed run left is taken up, also where nothing differs")
  func whatARunLeftIsTakenUp() throws {
    let held = try onWorkloads(
      shop, observed: observation(of: shop, run: Fixture.broken, .held), last: shop,
      incomplete: [Fixture.broken])
    #expect(held.steps == ["start workload"])
    #expect(held.actions[0].reason == .isHeld && held.actions[0].causes == [.unfinished])
    let killed = try onWorkloads(
      shop, observed: observation(of: shop, run: Fixture.broken, .rolling), last: shop,
      incomplete: [Fixture.broken])
    #expect(killed.actions.map(\.reason) == [.goesOn])
    var next = shop
    next.services[1].env["LEVEL"] = "debug"
    let back = try onWorkloads(
      shop, observed: observation(of: next, run: Fixture.broken, .held), last: shop,
      incomplete: [Fixture.broken])
    #expect(back.steps == ["restart workload"])
    #expect(back.actions[0].causes == [.unfinished])
    // Without a run that left it so, another client has paused it.
    let paused = try onWorkloads(shop, observed: observation(of: shop, .held), last: shop)
    #expect(paused.actions.map(\.reason) == [.isPausedByHand] && paused.actions[0].causes == [.drift])
    // berth does not wait for a rollout that another tool began.
    #expect(try onWorkloads(shop, observed: observation(of: shop, .rolling), last: shop).isEmpty)
  }

  @Test("A controller that is gone is made again around the instances that go on")
  func orphansStay() throws {
    let orphans = observation(of: shop, .orphaned) { ($0.replicas, $0.strategy) = (7, Strategy()) }
    for (incomplete, cause) in [(Set<RunID>(), Cause.drift), ([Fixture.broken], .unfinished)] {
      let plan = try onWorkloads(shop, observed: orphans, last: shop, incomplete: incomplete)
      #expect(plan.steps == ["start workload"])
      #expect(plan.actions[0].reason == .isOrphaned && plan.actions[0].causes == [cause])
      #expect(plan.interruptions.isEmpty)
    }
    var next = shop
    next.services[1].env["LEVEL"] = "debug"
    let changed = try onWorkloads(next, observed: orphans, last: shop)
    #expect(changed.steps == ["restart workload", "record workload"])
    #expect(changed.actions[0].causes == [.spec, .drift])
  }

  @Test("What operators stopped keeps no instances, and is changed without any")
  func whatIsStoppedKeepsNoInstances() throws {
    let stop = try onWorkloads(shop, observed: observation(of: shop), last: shop) {
      $0.operation = .stop(.all)
    }
    #expect(stop.steps == ["stop workload", "record operator state"])
    var stopped = observation(of: shop) { $0.replicas = 0 }
    stopped.instances = []
    let state = OperatorState(stopped: [.all])
    #expect(try onWorkloads(shop, observed: stopped, last: shop) { $0.operatorState = state }.isEmpty)
    var next = shop
    next.services[1].env["LEVEL"] = "debug"
    let changed = try onWorkloads(next, observed: stopped, last: shop) { $0.operatorState = state }
    #expect(changed.steps == ["update workload", "record workload"] && changed.actions[0].leavesStopped)
    let start = try onWorkloads(shop, observed: stopped, last: shop) {
      ($0.operation, $0.operatorState) = (.start(.all), state)
    }
    #expect(start.steps == ["start workload", "record operator state"])
    for scope in [ServiceScope(service: "api"), ServiceScope(ordinal: 0)] {
      let error = try #require(throws: DiagnosticError.self) {
        try onWorkloads(shop, observed: observation(of: shop), last: shop) { $0.operation = .restart(scope) }
      }
      #expect(error.diagnostics.map(\.code) == [.missingCapability])
    }
  }

  @Test("One service is changed with all that the controller makes, and what comes along is said")
  func oneServiceBringsTheOthers() throws {
    var drifted = shop
    drifted.services[3].command = ["/bin/by-hand"]
    var next = shop
    next.services[1].env["LEVEL"] = "debug"
    next.services[2].env["OTHER"] = "1"
    let plan = try onWorkloads(next, observed: observation(of: drifted), last: shop, services: ["api"])
    #expect(plan.steps == ["replace workload", "record workload"])
    #expect(plan.paths("replace workload") == ["services[api].env.LEVEL", "services[envoy].command"])
    #expect(plan.notes.map(\.code) == [.driftElsewhere])
  }

  @Test("A number that is left open is the controller's own")
  func anOpenNumberIsTheControllers() throws {
    let open = Fixture.workload(replicas: nil, [Fixture.service("api")])
    var five = open
    five.replicas = 5
    #expect(try onWorkloads(open, observed: observation(of: five)).desired?.replicas == 5)
  }

  // MARK: Pauses

  private static let pause = Pause(by: "ada@build", since: Timestamp(milliseconds: 1))

  private func five(_ type: StrategyType, version: Int, surge: Int = 2) -> Workload {
    Fixture.workload(replicas: 5, [Fixture.service("api") { $0.command = ["/bin/api", "v\(version)"] }]) {
      $0.strategy = Strategy()
      ($0.strategy.type, $0.strategy.maxSurge) = (type, surge)
    }
  }

  @Test(
    "A rollout waits after its first new instances, until it is promoted or aborted",
    arguments: [(StrategyType.canary, 2), (.blueGreen, 5)])
  func aRolloutPauses(type: StrategyType, count: Int) throws {
    let (old, new) = (five(type, version: 1), five(type, version: 2))
    let paused = try onWorkloads(new, observed: observation(of: old), last: old) { $0.pause = Self.pause }
    #expect(paused.steps == ["replace workload", "record operator state"])
    #expect(paused.actions[0].pausesAfter == count && paused.pauses && !paused.recordsRelease)
    #expect(paused.afterPause.map(\.id.description) == ["start workload"])
    let rollout = try #require(paused.operatorState.rollout)
    #expect(rollout.progress == "\(type.rawValue) \(count)/5")
    let written = OperatorState(rollout: rollout)
    #expect(OperatorState(json: written.json) == written)

    let waiting = observation(of: new, run: RunID("run-3"), .paused)
    let state = OperatorState(rollout: rollout)
    // The same request again changes nothing.
    let again = try onWorkloads(new, observed: waiting, last: old) {
      ($0.pause, $0.operatorState) = (Self.pause, state)
    }
    #expect(again.isEmpty)
    let promoted = try onWorkloads(new, observed: waiting, last: old) {
      ($0.intent, $0.operatorState) = (.promote, state)
    }
    #expect(promoted.steps == ["start workload", "record workload", "record operator state"])
    #expect(promoted.actions[0].pausesAfter == nil && promoted.actions[0].causes == [.spec])
    #expect(promoted.interruptions.isEmpty)
    let aborted = try onWorkloads(old, observed: waiting, last: old) {
      ($0.intent, $0.operatorState) = (.abort, state)
    }
    #expect(aborted.steps == ["replace workload", "record operator state"])
    #expect(
      aborted.actions[0].causes == [.spec] && aborted.actions[0].changes.allSatisfy { $0.causes == [.spec] })
    // Operators mean the rollout as it is.
    let restarted = try onWorkloads(old, observed: waiting, last: old) {
      ($0.operation, $0.intent, $0.operatorState) = (.restart(.all), .restart, state)
    }
    #expect(restarted.steps == ["restart workload"] && restarted.actions[0].pausesAfter == count)
    #expect(restarted.desired(for: restarted.actions[0]) == new)
  }

  @Test("Where nothing gives way to anything new, there is nothing to pause at")
  func nothingToPauseAt() throws {
    let (old, new) = (five(.canary, version: 1), five(.canary, version: 2))
    let first = try onWorkloads(new) { $0.pause = Self.pause }
    let same = try onWorkloads(old, observed: observation(of: old), last: old) { $0.pause = Self.pause }
    var stopped = observation(of: old) { $0.replicas = 0 }
    stopped.instances = []
    let none = try onWorkloads(new, observed: stopped, last: old) {
      ($0.pause, $0.operatorState) = (Self.pause, OperatorState(stopped: [.all]))
    }
    for plan in [first, same, none] {
      #expect(!plan.pauses && plan.notes.contains { $0.code == .nothingToPause })
      #expect(plan.actions.allSatisfy { $0.pausesAfter == nil })
    }
  }

  @Test("What is compared of a controller makes a saved plan stale, and what its instances do does not")
  func theFingerprintIsTheControllers() {
    let base = observation(of: shop)
    var moved = base
    moved.instances = []
    moved.controller?.progress = .rolling
    func print(_ observation: Observation) -> String { observation.fingerprint(desired: shop, last: shop) }
    #expect(print(moved) == print(base))
    var edited = base
    edited.controller?.template[1].live.service.env["LEVEL"] = "by hand"
    var scaled = base
    scaled.controller?.replicas = 4
    #expect(print(edited) != print(base) && print(scaled) != print(base))
  }
}
