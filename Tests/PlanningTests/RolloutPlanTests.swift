import Diagnostics
import Planning
import Testing
import Values
import WorkloadSpec

/// Instances that give way to others.
@Suite struct RolloutPlanTests {
  static func workload(
    _ type: StrategyType = .rolling, replicas: Int = 1, version: Int = 1, surge: Int = 1,
    unavailable: Int = 0,
    _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    Fixture.workload(
      replicas: replicas,
      [
        Fixture.service("migrate", .`init`),
        Fixture.service("api") {
          $0.env = ["VERSION": "\(version)"]; $0.dependsOn = ["db"]
        },
        Fixture.service("db", .sidecar), Fixture.service("envoy", .sidecar),
      ]
    ) {
      $0.strategy.type = type
      $0.strategy.maxSurge = surge
      $0.strategy.maxUnavailable = unavailable
      edit(&$0)
    }
  }

  /// The live state with some instances of one version and some of another.
  static func observation(
    _ old: Workload, _ new: Workload? = nil, newInstances: [InstanceID] = [], without: Set<Int> = [],
    run: RunID = Fixture.released
  ) -> Observation {
    var observation = Fixture.observation(of: old)
    observation.instances.removeAll { without.contains($0.id.place) }
    for id in newInstances {
      let services = (new ?? old).elements.map { Fixture.observed($0, in: id, of: new ?? old, run: run) }
      observation.instances.append(ObservedInstance(id: id, services: services))
    }
    observation.instances.sort { $0.id < $1.id }
    return observation
  }

  static let pause = Pause(by: "ada@build", since: Timestamp(milliseconds: 7))

  /// The kinds and instances of a plan, without services: `create 0_g1`.
  func moves(_ actions: [Action]) -> [String] {
    actions.filter { $0.subject.service == nil }.map(\.id.description)
  }

  func befores(of id: String, in plan: Plan) -> Set<ActionID> { Set(plan.action(id)?.after ?? []) }

  // MARK: Rolling

  @Test("A change of main makes a new instance first") func aChangeOfMainMakesANewInstanceFirst() throws {
    let (old, new) = (Self.workload(), Self.workload(version: 2))
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
    #expect(
      plan.steps == [
        "create 0_g1", "create 0_g1.migrate", "create 0_g1.db", "create 0_g1.api", "create 0_g1.envoy",
        "delete 0.envoy", "delete 0.api", "delete 0.db", "delete 0.migrate", "delete 0", "record workload",
      ])
    #expect(plan.paths("create 0_g1") == ["services[api].env.VERSION"])
    #expect(plan.action("create 0_g1")?.causes == [.spec])
    #expect(plan.action("delete 0")?.causes == [.spec])
    #expect(befores(of: "delete 0.envoy", in: plan).isSuperset(of: [ActionID("create 0_g1.envoy")]))
    #expect(plan.interruptions.isEmpty)
    #expect(plan.workloadChanges.isEmpty)
  }

  @Test("A change of what main needs does so too") func aChangeOfWhatMainNeedsDoesSoToo() throws {
    let old = Self.workload()
    let new = Self.workload { $0.services[2].command = ["/bin/db2"] }
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
    #expect(moves(plan.actions) == ["create 0_g1", "delete 0", "record workload"])
  }

  @Test("What is changed in place") func whatIsChangedInPlace() throws {
    let cases: [(what: String, edit: (inout Workload) -> Void, steps: [String], isTold: Bool)] = [
      ("a sidecar", { $0.services[3].env = ["A": "1"] }, ["restart 0.envoy"], false),
      ("an init", { $0.services[0].args = ["--all"] }, ["replace 0.migrate"], false),
      (
        "labels", { $0.labels = ["a": "b"] },
        ["update 0.migrate", "update 0.db", "update 0.api", "update 0.envoy"], false
      ),
      (
        "a new sidecar", { $0.services.append(Fixture.service("cache", .sidecar)) }, ["create 0.cache"], false
      ),
      (
        "main, with maxUnavailable",
        {
          $0.services[1].env["VERSION"] = "2"
          $0.strategy.maxUnavailable = 1
        }, ["restart 0.api"], false
      ),
      (
        "main, by recreate",
        {
          $0.services[1].env["VERSION"] = "2"
          $0.strategy.type = .recreate
        }, ["restart 0.api"], false
      ),
      (
        "main, with a host port",
        {
          $0.services[1].env["VERSION"] = "2"
          $0.services[3].ports = [Self.hostPort]
        }, ["restart 0.api", "restart 0.envoy"], true
      ),
      (
        "main, with a volume",
        { $0.services[1].env["VERSION"] = "2" }, ["restart 0.api"], true
      ),
    ]
    for (what, edit, steps, isTold) in cases {
      let old = Self.workload { if what == "main, with a volume" { $0.services[1].volumes = [Self.volume] } }
      var new = old
      edit(&new)
      let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
      #expect(plan.steps.dropLast() == steps[...], "\(what)")
      #expect(plan.notes.map(\.code) == (isTold ? [.changedInPlace] : []), "\(what)")
    }
  }

  static let hostPort: Port = {
    var port = Port()
    port.container = 80
    port.host = 80
    return port
  }()

  static let volume: Volume = {
    var volume = Volume()
    volume.name = "data"
    volume.mountPath = "/data"
    volume.type = .persistent
    return volume
  }()

  @Test("One service a stateful set and operators change in place")
  func oneServiceAStatefulSetAndOperatorsChangeInPlace() throws {
    let (old, new) = (Self.workload(), Self.workload(version: 2))
    let single = try Fixture.plan(new, observed: Self.observation(old), last: old, services: ["api"])
    #expect(single.steps == ["restart 0.api", "record workload"])
    #expect(single.notes.map(\.code) == [.changedInPlace])

    var (oldSet, newSet) = (old, new)
    oldSet.kind = .statefulSet
    newSet.kind = .statefulSet
    let set = try Fixture.plan(newSet, observed: Self.observation(oldSet), last: oldSet)
    #expect(set.steps == ["restart 0.api", "record workload"])
    #expect(set.notes.isEmpty)

    let restart = try Fixture.plan(old, observed: Self.observation(old), last: old) {
      $0.operation = .restart(.all)
      $0.intent = .restart
    }
    #expect(restart.steps == ["restart 0.db", "restart 0.api", "restart 0.envoy"])
  }

  @Test("What does not run is mended where it is") func whatDoesNotRunIsMendedWhereItIs() throws {
    let (old, new) = (Self.workload(), Self.workload(version: 2))
    var observation = Self.observation(old)
    observation.instances[0].services[1].state = .failed
    observation.instances[0].services[1].isReady = false
    #expect(
      try Fixture.plan(new, observed: observation, last: old).steps == ["restart 0.api", "record workload"])
    let stopped = try Fixture.plan(new, observed: Self.observation(old), last: old) {
      $0.operatorState = OperatorState(stopped: [.all])
    }
    #expect(stopped.actions.allSatisfy { $0.subject.instance?.generation ?? 0 == 0 })
  }

  @Test("Three replicas give way one after the other") func threeReplicasGiveWayOneAfterTheOther() throws {
    let (old, new) = (Self.workload(replicas: 3), Self.workload(replicas: 3, version: 2))
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
    #expect(
      moves(plan.actions) == [
        "create 0_g1", "delete 0", "create 1_g1", "delete 1", "create 2_g1", "delete 2", "record workload",
      ])
    let two = try Fixture.plan(
      Self.workload(replicas: 3, version: 2, surge: 2), observed: Self.observation(old), last: old)
    #expect(two.action("create 1_g1")?.after == [])
    #expect(two.action("create 2_g1")?.after.contains(ActionID("delete 0")) == true)
  }

  @Test("Scaling down makes the room") func scalingDownMakesTheRoom() throws {
    let (old, new) = (Self.workload(replicas: 3), Self.workload(replicas: 2, version: 2))
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
    #expect(
      moves(plan.actions) == [
        "delete 2", "create 0_g1", "delete 0", "create 1_g1", "delete 1", "record workload",
      ])
  }

  // MARK: What a run that did not end has left

  @Test("A half made successor is finished") func aHalfMadeSuccessorIsFinished() throws {
    let (old, new) = (Self.workload(), Self.workload(version: 2))
    var observation = Self.observation(
      old, new, newInstances: [InstanceID(0, generation: 1)], run: Fixture.broken)
    observation.instances[1].services.removeAll { $0.name == "envoy" || $0.name == "api" }
    let plan = try Fixture.plan(new, observed: observation, last: old, incomplete: [Fixture.broken])
    #expect(plan.steps.first == "create 0_g1.api" && plan.steps.contains("delete 0"))
    #expect(plan.action("delete 0.api")?.after.contains(ActionID("create 0_g1.envoy")) == true)
    #expect(!plan.steps.contains { $0.contains("0_g2") })
  }

  @Test("What is not wanted goes first and the next surge has another generation")
  func whatNobodyWantsGoesFirstAndTheNextSurgeHasAnotherGeneration() throws {
    let (old, broken, new) = (Self.workload(), Self.workload(version: 2), Self.workload(version: 3))
    var observation = Self.observation(
      old, broken, newInstances: [InstanceID(0, generation: 1)], run: Fixture.broken)
    for state in [InstanceState.failed, .running] {
      observation.instances[1].services[1].state = state
      observation.instances[1].services[1].isReady = false
      let back = try Fixture.plan(old, observed: observation, last: old, incomplete: [Fixture.broken])
      #expect(moves(back.actions) == ["delete 0_g1"])
      #expect(back.actions.allSatisfy { $0.causes == [.unfinished] })
      #expect(back.workloadChanges.isEmpty)
      let on = try Fixture.plan(new, observed: observation, last: old, incomplete: [Fixture.broken])
      #expect(moves(on.actions).filter { $0 != "record workload" }.last == "delete 0")
      if state == .running {
        #expect(moves(on.actions).prefix(2) == ["delete 0_g1", "create 0_g2"])
      }
    }
  }

  @Test("A successor that is not ready is waited for") func aSuccessorThatIsNotReadyIsWaitedFor() throws {
    let (old, new) = (Self.workload(.canary, replicas: 2), Self.workload(.canary, replicas: 2, version: 2))
    let canary = InstanceID(0, generation: 1)
    var observation = Self.observation(old, new, newInstances: [canary])
    let index = try #require(observation.instances.firstIndex { $0.id == canary })
    observation.instances[index].services[1].isReady = false
    let plan = try Fixture.plan(new, observed: observation, last: old) { $0.intent = .promote }
    // Nothing is asked for where nothing is paused.
    #expect(plan.isEmpty)
    let promoted = try Fixture.plan(new, observed: observation, last: old) {
      $0.intent = .promote
      $0.operatorState.rollout = PausedRollout(
        snapshot: new, instances: [canary], places: 2, pause: Self.pause)
    }
    #expect(promoted.steps.first == "start 0_g1.api")
    #expect(promoted.action("delete 0.api")?.after.contains(ActionID("start 0_g1.api")) == true)
  }

  // MARK: Blue-green and canary

  @Test("Blue green brings up a whole second set") func blueGreenBringsUpAWholeSecondSet() throws {
    let (old, new) = (
      Self.workload(.blueGreen, replicas: 3), Self.workload(.blueGreen, replicas: 3, version: 2)
    )
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
    #expect(
      moves(plan.actions) == [
        "create 0_g1", "create 1_g1", "create 2_g1", "delete 0", "delete 1", "delete 2", "record workload",
      ])
    let news = (0..<3).map { ActionID("create \($0)_g1.envoy") }
    for ordinal in 0..<3 {
      #expect(befores(of: "delete \(ordinal).envoy", in: plan).isSuperset(of: news))
    }
    #expect(plan.interruptions.isEmpty)
  }

  @Test("A canary goes first") func aCanaryGoesFirst() throws {
    let old = Self.workload(.canary, replicas: 4)
    let new = Self.workload(.canary, replicas: 4, version: 2, surge: 2)
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
    #expect(moves(plan.actions).prefix(2) == ["create 0_g1", "create 1_g1"])
    let vanguard = Set(["create 0_g1.envoy", "create 1_g1.envoy"].map { ActionID($0) })
    for id in ["create 2_g1", "create 3_g1", "delete 0.envoy"] {
      #expect(befores(of: id, in: plan).isSuperset(of: vanguard), "\(id)")
    }
  }

  @Test("Any sidecar counts for them") func anySidecarCountsForThem() throws {
    for type in [StrategyType.blueGreen, .canary] {
      let old = Self.workload(type)
      for edit in [
        { $0.services[3].env = ["A": "1"] }, { $0.services[0].args = ["--all"] },
        { $0.services.append(Fixture.service("cache", .sidecar)) },
        { $0.services.removeAll { $0.name == "envoy" } },
      ] as [(inout Workload) -> Void] {
        var new = old
        edit(&new)
        let plan = try Fixture.plan(new, observed: Self.observation(old), last: old)
        #expect(moves(plan.actions) == ["create 0_g1", "delete 0", "record workload"], "\(type)")
      }
      // What a running process does not notice, and what has fallen over, calls for nothing new.
      var observation = Self.observation(old)
      observation.instances[0].services.removeLast()
      #expect(try Fixture.plan(old, observed: observation, last: old).steps == ["create 0.envoy"])
    }
  }

  // MARK: Pausing

  @Test(
    "A paused rollout goes through its states",
    arguments: [
      (
        StrategyType.canary, 1, ["create 0_g1"],
        ["create 1_g1", "create 2_g1", "delete 0", "delete 1", "delete 2"]
      ),
      (.canary, 2, ["create 0_g1", "create 1_g1"], ["create 2_g1", "delete 0", "delete 1", "delete 2"]),
      (.blueGreen, 1, ["create 0_g1", "create 1_g1", "create 2_g1"], ["delete 0", "delete 1", "delete 2"]),
    ] as [(StrategyType, Int, [String], [String])])
  func aPausedRolloutGoesThroughItsStates(
    type: StrategyType, surge: Int, before: [String], after: [String]
  ) throws {
    let old = Self.workload(type, replicas: 3, surge: surge)
    let new = Self.workload(type, replicas: 3, version: 2, surge: surge)
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old) { $0.pause = Self.pause }
    #expect(moves(plan.actions) == before + ["record operator state"])
    #expect(Set(moves(plan.afterPause)) == Set(after))
    #expect(!plan.recordsRelease && plan.recordsOperatorState && plan.pauses)
    let rollout = try #require(plan.operatorState.rollout)
    let ids = (0..<before.count).map { InstanceID($0, generation: 1) }
    #expect(rollout == PausedRollout(snapshot: new, instances: ids, places: 3, pause: Self.pause))
    #expect(rollout.progress == "\(type.rawValue) \(ids.count)/3")

    let paused = Self.observation(old, new, newInstances: ids)
    func again(_ desired: Workload, _ edit: (inout PlanInput) -> Void) throws -> Plan {
      try Fixture.plan(desired, observed: paused, last: old) {
        $0.operatorState.rollout = rollout
        edit(&$0)
      }
    }
    // A second pause changes nothing, whichever operator asks: the first one keeps it.
    let same = try again(new) { $0.pause = Pause(by: "bob", since: Timestamp(milliseconds: 9)) }
    #expect(same.isEmpty && same.operatorState.rollout == rollout && same.blockingRollout == nil)
    // Another spec is refused; the same one without a pause finishes, as a promotion does.
    let other = Self.workload(type, replicas: 3, version: 3)
    let refused = try again(other) { _ in }
    #expect(refused.blockingRollout == rollout && refused.notes.map(\.code) == [.isPaused])
    #expect(try again(old) { $0.intent = .scale(to: 4) }.blockingRollout == rollout)
    for intent in [RunIntent.apply, .promote] {
      let finished = try again(new) { $0.intent = intent }
      #expect(Set(moves(finished.actions)) == Set(after + ["record workload", "record operator state"]))
      #expect(finished.recordsRelease && finished.operatorState.rollout == nil)
      #expect(finished.blockingRollout == nil)
    }
    for intent in [RunIntent.abort, .rollback(to: 1)] {
      let aborted = try again(old) { $0.intent = intent }
      #expect(
        Set(moves(aborted.actions)) == Set(ids.map { "delete \($0)" } + ["record operator state"]))
      #expect(!aborted.recordsRelease && aborted.operatorState.rollout == nil && !aborted.pauses)
      #expect(aborted.actions.allSatisfy { $0.causes == [.spec] || $0.kind == .record })
    }
  }

  @Test("A number that is left open is counted as it is") func aNumberThatIsLeftOpenIsCountedAsItIs() throws {
    let old = Self.workload(.canary, replicas: 3)
    var new = Self.workload(.canary, replicas: 3, version: 2)
    new.replicas = nil
    let plan = try Fixture.plan(new, observed: Self.observation(old), last: old) { $0.pause = Self.pause }
    #expect(plan.operatorState.rollout?.progress == "canary 1/3")
  }

  @Test("Operators mean the new instances too") func operatorsMeanTheNewInstancesToo() throws {
    let (old, new) = (Self.workload(.canary, replicas: 2), Self.workload(.canary, replicas: 2, version: 2))
    let id = InstanceID(0, generation: 1)
    let rollout = PausedRollout(snapshot: new, instances: [id], places: 2, pause: Self.pause)
    func operate(_ operation: Planning.Operation, _ observation: Observation) throws -> Plan {
      try Fixture.plan(old, observed: observation, last: old) {
        $0.operation = operation
        $0.intent = operation.intent
        $0.operatorState.rollout = rollout
      }
    }
    let observation = Self.observation(old, new, newInstances: [id])
    let restart = try operate(.restart(ServiceScope(service: "api")), observation)
    #expect(Set(restart.steps) == ["restart 0.api", "restart 1.api", "restart 0_g1.api"])
    #expect(restart.desired(for: try #require(restart.action("restart 0_g1.api"))) == new)
    #expect(restart.desired(for: try #require(restart.action("restart 0.api"))) == old)
    #expect(restart.operatorState.rollout == rollout)
    let stop = try operate(.stop(ServiceScope(service: "envoy")), observation)
    #expect(
      Set(stop.steps) == ["stop 0.envoy", "stop 1.envoy", "stop 0_g1.envoy", "record operator state"])
    #expect(stop.operatorState.rollout == rollout)
  }

  @Test("Where there is nothing to pause the plan says so") func whereThereIsNothingToPauseThePlanSaysSo()
    throws
  {
    let canary = Self.workload(.canary)
    let first = try Fixture.plan(canary) { $0.pause = Self.pause }
    #expect(first.recordsRelease && !first.pauses && first.notes.map(\.code) == [.nothingToPause])
    let error = try #require(throws: DiagnosticError.self) {
      try Fixture.plan(Self.workload()) { $0.pause = Self.pause }
    }
    #expect(error.diagnostics.map(\.code) == [.cannotPause])
  }
}
