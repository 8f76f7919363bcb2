import Diagnostics
import Planning
import Testing
import Values
import WorkloadSpec

/// Plans for what operators ask, and for what comes after it.
@Suite struct OperatorPlanTests {
  let shop = Fixture.shop

  func plan(
    _ operation: Planning.Operation, _ workload: Workload = Fixture.shop,
    after state: OperatorState = OperatorState(), _ edit: (inout Observation) -> Void = { _ in }
  ) throws -> Plan {
    try Fixture.plan(workload, observed: Fixture.observation(of: workload, edit), last: workload) { input in
      input.operation = operation
      input.intent = operation.intent
      input.operatorState = state
    }
  }

  func set(replicas: Int) -> Workload {
    Fixture.workload(replicas: replicas, [Fixture.service("db")]) { $0.kind = .statefulSet }
  }

  static func stopped(_ observation: inout Observation, _ names: Set<String>) {
    for instance in observation.instances.indices {
      for service in observation.instances[instance].services.indices
      where names.contains(observation.instances[instance].services[service].name) {
        observation.instances[instance].services[service].state = .stopped
        observation.instances[instance].services[service].isReady = false
      }
    }
  }

  // MARK: Stop

  @Test("Stopping goes against the order of dependencies") func stoppingGoesAgainstTheOrderOfDependencies()
    throws
  {
    let plan = try plan(.stop(.all))
    #expect(plan.steps == ["stop 0.envoy", "stop 0.api", "stop 0.db", "record operator state"])
    #expect(plan.action("stop 0.db")?.after.map(\.description) == ["stop 0.api"])
    #expect(plan.operatorState.stopped == [.all])
    #expect(!plan.recordsRelease && plan.recordsOperatorState)
    #expect(plan.interruptions.map(\.service) == ["api", "db", "envoy"])
  }

  @Test("A stateful set stops from its last instance to its first")
  func aStatefulSetStopsFromItsLastInstanceToItsFirst() throws {
    let plan = try plan(.stop(.all), set(replicas: 3))
    #expect(plan.steps == ["stop 2.db", "stop 1.db", "stop 0.db", "record operator state"])
    #expect(plan.action("stop 0.db")?.after.map(\.description) == ["stop 1.db"])
  }

  @Test("Stopping one of several instances interrupts nothing")
  func stoppingOneOfSeveralInstancesInterruptsNothing() throws {
    let three = Fixture.workload(replicas: 3, [Fixture.service("api")])
    let plan = try plan(.stop(ServiceScope(ordinal: 1)), three)
    #expect(plan.steps == ["stop 1.api", "record operator state"])
    #expect(plan.interruptions.isEmpty)
  }

  // MARK: What was broken off

  /// Something was begun with `api`, which does or does not run, and broken off; no run is known to be unfinished.
  private static func unsettle(_ observation: inout Observation, runs: Bool) {
    if !runs { stopped(&observation, ["api"]) }
    for instance in observation.instances.indices {
      for service in observation.instances[instance].services.indices
      where observation.instances[instance].services[service].name == "api" {
        observation.instances[instance].services[service].isReady = false
        observation.instances[instance].services[service].isUnsettled = true
      }
    }
  }

  @Test("What was broken off is taken up", arguments: [true, false])
  func whatWasBrokenOffIsTakenUp(runs: Bool) throws {
    let observation = Fixture.observation(of: shop) { Self.unsettle(&$0, runs: runs) }
    let applied = try Fixture.plan(shop, observed: observation, last: shop)
    #expect(applied.steps.filter { $0.hasPrefix("start") } == ["start 0.api"])
    #expect(applied.action("start 0.api")?.causes == [.unfinished])
    let stopped = try plan(.stop(.all)) { Self.unsettle(&$0, runs: runs) }
    #expect(stopped.steps.contains("stop 0.api"))
    let kept = try Fixture.plan(shop, observed: observation, last: shop) { input in
      input.operatorState = OperatorState(stopped: [ServiceScope(service: "api")])
    }
    #expect(kept.steps.contains("stop 0.api"))
  }

  @Test("What is stopped and known to be so needs nothing") func whatIsStoppedAndKnownToBeSoNeedsNothing()
    throws
  {
    let plan = try plan(.stop(.all), after: OperatorState(stopped: [.all])) {
      Self.stopped(&$0, ["api", "db", "envoy"])
    }
    #expect(plan.isEmpty)
  }

  @Test(
    "A name that stands for nothing is an error",
    arguments: [
      (ServiceScope(service: "apy"), DiagnosticCode.unknownService),
      (ServiceScope(ordinal: 4), DiagnosticCode.unknownInstance),
    ])
  func aNameThatStandsForNothingIsAnError(_ scope: ServiceScope, _ code: DiagnosticCode) throws {
    for operation in [Planning.Operation.stop(scope), .start(scope), .restart(scope)] {
      let error = try #require(throws: DiagnosticError.self) { try plan(operation) }
      #expect(error.diagnostics.map(\.code) == [code])
    }
  }

  // MARK: Staying stopped

  @Test("What is stopped is not started by apply") func whatIsStoppedIsNotStartedByApply() throws {
    let plan = try Fixture.plan(
      shop, observed: Fixture.observation(of: shop) { Self.stopped(&$0, ["api", "db", "envoy"]) }, last: shop
    ) { $0.operatorState = OperatorState(stopped: [.all]) }
    #expect(plan.isEmpty)
    #expect(plan.notes.map(\.code) == [.staysStopped])
  }

  @Test("What is stopped is changed and left so") func whatIsStoppedIsChangedAndLeftSo() throws {
    var desired = shop
    desired.services[1].env = ["LEVEL": "debug"]
    desired.services[2].command = ["/bin/db2"]
    desired.services.append(Fixture.service("cache", .sidecar))
    let plan = try Fixture.plan(
      desired, observed: Fixture.observation(of: shop) { Self.stopped(&$0, ["api", "db", "envoy"]) },
      last: shop
    ) { $0.operatorState = OperatorState(stopped: [.all]) }
    #expect(Set(plan.steps) == ["replace 0.db", "update 0.api", "create 0.cache", "record workload"])
    let leavesAllStopped = plan.actions.filter { $0.kind != .record }.allSatisfy(\.leavesStopped)
    #expect(leavesAllStopped)
    #expect(plan.interruptions.isEmpty)
  }

  @Test("Only the stopped service stays stopped") func onlyTheStoppedServiceStaysStopped() throws {
    let plan = try Fixture.plan(
      shop, observed: Fixture.observation(of: shop) { Self.stopped(&$0, ["api", "envoy"]) }, last: shop
    ) { $0.operatorState = OperatorState(stopped: [ServiceScope(service: "envoy")]) }
    #expect(plan.steps == ["start 0.api"])
  }

  @Test("A stopped service that another program started is stopped again")
  func whatSomebodyStartedByHandIsStoppedAgain()
    throws
  {
    let plan = try Fixture.plan(shop, observed: Fixture.observation(of: shop), last: shop) {
      $0.operatorState = OperatorState(stopped: [ServiceScope(service: "envoy")])
    }
    #expect(plan.steps == ["stop 0.envoy"])
    #expect(plan.actions[0].causes == [.drift])
  }

  @Test("A new instance of what is stopped is made and left so")
  func aNewInstanceOfWhatIsStoppedIsMadeAndLeftSo() throws {
    let two = Fixture.workload(replicas: 2, [Fixture.service("api")])
    let one = Fixture.workload([Fixture.service("api")])
    let plan = try Fixture.plan(
      two, observed: Fixture.observation(of: one) { Self.stopped(&$0, ["api"]) }, last: one
    ) { $0.operatorState = OperatorState(stopped: [.all]) }
    #expect(plan.steps == ["create 1", "create 1.api", "record workload"])
    #expect(plan.action("create 1.api")?.leavesStopped == true)
  }

  @Test("A destroyed workload is stopped and suspended no longer")
  func aDestroyedWorkloadIsStoppedAndSuspendedNoLonger() throws {
    let plan = try Fixture.plan(nil, observed: Fixture.observation(of: shop), last: shop) {
      $0.operatorState = OperatorState(
        stopped: [.all], suspension: Suspension(reason: "x", by: "y", since: Timestamp(milliseconds: 1)))
    }
    #expect(plan.operatorState.isEmpty && plan.recordsOperatorState)
  }

  // MARK: Start and restart

  @Test("Starting goes in the order of dependencies") func startingGoesInTheOrderOfDependencies() throws {
    let plan = try plan(.start(.all), after: OperatorState(stopped: [.all])) {
      Self.stopped(&$0, ["api", "db", "envoy"])
    }
    #expect(plan.steps == ["start 0.db", "start 0.api", "start 0.envoy", "record operator state"])
    #expect(plan.operatorState.isEmpty)
  }

  @Test("Starting a part leaves the rest stopped") func startingAPartLeavesTheRestStopped() throws {
    let plan = try plan(.start(ServiceScope(service: "db")), after: OperatorState(stopped: [.all])) {
      Self.stopped(&$0, ["api", "db", "envoy"])
    }
    #expect(plan.steps == ["start 0.db", "record operator state"])
    #expect(plan.operatorState.stopped == [ServiceScope(service: "api"), ServiceScope(service: "envoy")])
  }

  @Test("Restarting touches what runs and nothing else") func restartingTouchesWhatRunsAndNothingElse() throws
  {
    let plan = try plan(.restart(.all))
    #expect(plan.steps == ["restart 0.db", "restart 0.api", "restart 0.envoy"])
    #expect(try self.plan(.restart(ServiceScope(service: "envoy"))).steps == ["restart 0.envoy"])
    let stopped = try self.plan(.restart(.all), after: OperatorState(stopped: [.all])) {
      Self.stopped(&$0, ["api", "db", "envoy"])
    }
    #expect(stopped.isEmpty)
  }

  @Test("Restarted instances follow each other") func restartedInstancesFollowEachOther() throws {
    let three = Fixture.workload(replicas: 3, [Fixture.service("api")])
    let plan = try plan(.restart(.all), three)
    #expect(plan.steps == ["restart 0.api", "restart 1.api", "restart 2.api"])
    #expect(plan.action("restart 2.api")?.after.map(\.description) == ["restart 1.api"])
    #expect(plan.interruptions.isEmpty)
  }

  // MARK: Suspension

  @Test("A suspension is only written down") func aSuspensionIsOnlyWrittenDown() throws {
    let suspension = Suspension(reason: "moving", by: "ada@build", since: Timestamp(milliseconds: 1))
    let first = try plan(.suspend(suspension))
    #expect(first.steps == ["record operator state"])
    #expect(first.operatorState.suspension == suspension)
    let later = Suspension(reason: "moving", by: "bob@build", since: Timestamp(milliseconds: 2))
    let state = OperatorState(suspension: suspension)
    #expect(try plan(.suspend(later), after: state).isEmpty)
    #expect(try plan(.unsuspend, after: state).operatorState.isEmpty)
    #expect(try plan(.unsuspend).isEmpty)
  }

  @Test(
    "A plan says that it cant be applied",
    arguments: [
      (RunIntent.apply, true), (.rollback(to: 1), true), (.scale(to: 2), true), (.destroy, false),
    ])
  func aPlanSaysThatItCantBeApplied(_ intent: RunIntent, isRefused: Bool) throws {
    let plan = try Fixture.plan(shop, observed: Fixture.observation(of: shop), last: shop) { input in
      input.intent = intent
      input.operatorState = OperatorState(
        suspension: Suspension(reason: "moving", by: "ada@build", since: Timestamp(milliseconds: 1)))
    }
    #expect(plan.notes.contains { $0.code == .isSuspended } == isRefused)
  }

  // MARK: What is written down

  @Test(
    "What operators asked can be read again",
    arguments: [
      OperatorState(), OperatorState(stopped: [.all]),
      OperatorState(
        stopped: [
          ServiceScope(ordinal: 2, service: "api"), ServiceScope(service: "db"), ServiceScope(ordinal: 0),
        ],
        suspension: Suspension(reason: "\"why\"\n", by: "ada@build", since: Timestamp(milliseconds: 77))),
    ])
  func whatOperatorsAskedCanBeReadAgain(_ state: OperatorState) throws {
    let text = CanonicalJSON.compact(state.json)
    let value = try Value(json: text)
    #expect(OperatorState(json: value) == state)
  }

  @Test("A wider stop swallows a narrower one and is split by a start")
  func aWiderStopSwallowsANarrowerOneAndIsSplitByAStart() {
    var state = OperatorState()
    state.stop(ServiceScope(ordinal: 1, service: "api"))
    state.stop(ServiceScope(service: "api"))
    #expect(state.stopped == [ServiceScope(service: "api")])
    state.stop(ServiceScope(ordinal: 0, service: "api"))
    #expect(state.stopped == [ServiceScope(service: "api")])
    state.stop(.all)
    #expect(state.stopped == [.all])
    state.start(ServiceScope(ordinal: 1, service: "api"), services: ["api", "db"], ordinals: [0, 1, 2])
    for ordinal in 0..<3 {
      #expect(state.keepsStopped("db", ordinal: ordinal))
      #expect(state.keepsStopped("api", ordinal: ordinal) == (ordinal != 1))
    }
    state.start(.all, services: ["api", "db"], ordinals: [0, 1, 2])
    #expect(state.isEmpty)
  }

  @Test(
    "An intent can be read again",
    arguments: [
      RunIntent.apply, .rollback(to: 4), .destroy, .scale(to: 0), .stop, .start, .restart, .suspend,
      .unsuspend,
    ])
  func anIntentCanBeReadAgain(_ intent: RunIntent) {
    #expect(RunIntent(text: intent.text) == intent)
  }
}
