import Diagnostics
import Planning
import Testing
import WorkloadSpec

/// Volumes to which one instance at a time may write.
@Suite struct OneWriterPlanTests {
  static func volume(_ access: VolumeAccess = .one, _ type: VolumeType = .persistent) -> Volume {
    var volume = Volume()
    volume.name = "data"
    volume.mountPath = "/data"
    volume.type = type
    volume.access = access
    return volume
  }

  /// A main with a volume, and a sidecar.
  static func database(
    _ type: StrategyType = .rolling, replicas: Int? = nil, version: Int = 1,
    _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    Fixture.workload(
      replicas: replicas,
      [
        Fixture.service("db") {
          $0.env = ["VERSION": "\(version)"]
          $0.volumes = [volume()]
        }, Fixture.service("backup", .sidecar),
      ]
    ) {
      $0.strategy = Strategy()
      $0.strategy.type = type
      edit(&$0)
    }
  }

  static func shared(_ workload: Workload, _ replicas: Int?) -> Workload {
    var workload = workload
    workload.replicas = replicas
    workload.services[0].volumes = [volume(.many)]
    return workload
  }

  /// What is there: some instances, each of some workload.
  static func observation(
    _ instances: [(InstanceID, Workload)], run: RunID = Fixture.released
  ) -> Observation {
    Observation(
      engine: Fixture.engine,
      instances: instances.map { id, workload in
        ObservedInstance(
          id: id, services: workload.services.map { Fixture.observed($0, in: id, of: workload, run: run) })
      })
  }

  static let first = InstanceID(0)
  static let second = InstanceID(0, generation: 1)

  private func codes(_ plan: () throws -> Plan) -> [DiagnosticCode] {
    do { return try plan().notes.map(\.code) } catch let error as DiagnosticError {
      return error.diagnostics.map(\.code)
    } catch { return [] }
  }

  // MARK: Changes

  @Test(
    "A database is changed in place, whatever the strategy and the number",
    arguments: [StrategyType.rolling, .blueGreen, .canary], [nil, 1] as [Int?])
  func changedInPlace(_ type: StrategyType, _ replicas: Int?) throws {
    let (old, new) = (
      Self.database(type, replicas: replicas), Self.database(type, replicas: replicas, version: 2)
    )
    for released in [1, replicas] {
      var last = old
      last.replicas = released
      let plan = try Fixture.plan(new, observed: Self.observation([(Self.first, old)]), last: last)
      #expect(plan.steps == ["restart 0.db", "record workload"])
      #expect(plan.notes.map(\.code) == [.changedInPlace])
      #expect(plan.interruptions.map(\.service) == ["db"])
      #expect(plan.interruptions.allSatisfy { !$0.isForGood })
    }
  }

  @Test("A moved secret, drift and an engine that rolls by itself make no second instance either")
  func otherCauses() throws {
    let old = Self.database(replicas: 1) { $0.services[0].env["TOKEN"] = "${secret.token}" }
    var observation = Self.observation([(Self.first, old)])
    observation.instances[0].services[0].secretDigests = ["env TOKEN token": "one"]
    let use = try #require(old.services[0].secretUses.first)
    observation.instances[0].services[0].secretDigests = [use.identity: "one"]
    let moved = try Fixture.plan(old, observed: observation, last: old) {
      $0.secretDigests = [use.key: "two"]
    }
    #expect(moved.steps == ["restart 0.db"])
    observation.instances[0].services[0].live.service.env["VERSION"] = "by hand"
    #expect(try Fixture.plan(old, observed: observation, last: old).steps == ["restart 0.db"])
    observation = Self.observation([(Self.first, Self.database())])
    observation.controller = ObservedController(
      template: observation.instances[0].services, replicas: 1, strategy: old.strategy, progress: .settled)
    let engine = try Fixture.plan(Self.database(version: 2), observed: observation, last: old) {
      $0.unit = .workload
    }
    #expect(engine.steps == ["restart workload", "record workload"])
    #expect(engine.actions[0].isOneAtATime && engine.actions[0].isInterruption)
    #expect(engine.notes.map(\.code) == [.changedInPlace])
  }

  @Test("A strategy that says it is meant gets no warning, and a shared volume gets a new instance first")
  func whereItIsNotTold() throws {
    let old = Self.database(replicas: 1)
    for edit in [{ $0.strategy.type = .recreate }, { $0.strategy.maxUnavailable = 1 }]
      as [(inout Workload) -> Void]
    {
      let plan = try Fixture.plan(
        Self.database(version: 2, edit), observed: Self.observation([(Self.first, old)]), last: old)
      #expect(plan.steps == ["restart 0.db", "record workload"])
      #expect(plan.notes.isEmpty)
    }
    let sharing = Self.shared(old, 1)
    let plan = try Fixture.plan(
      Self.shared(Self.database(version: 2), 1), observed: Self.observation([(Self.first, sharing)]),
      last: sharing)
    #expect(plan.steps.first == "create 0_g1" && plan.notes.isEmpty)
  }

  @Test("A pause has nothing to pause at")
  func nothingToPauseAt() throws {
    let plan = try Fixture.plan(
      Self.database(.canary, version: 2), observed: Self.observation([(Self.first, Self.database())]),
      last: Self.database(.canary, replicas: 1)
    ) { $0.pause = RolloutPlanTests.pause }
    #expect(plan.recordsRelease && !plan.pauses)
    #expect(Set(plan.notes.map(\.code)) == [.changedInPlace, .nothingToPause])
  }

  @Test("Only `access` differs: the release is recorded, and nothing is touched")
  func accessCostsNothing() throws {
    let old = Self.database(replicas: 1)
    let plan = try Fixture.plan(
      Self.shared(old, 1), observed: Self.observation([(Self.first, old)]), last: old)
    #expect(plan.steps == ["record workload"])
    #expect(
      SnapshotDiff(from: old, to: Self.shared(old, 1)).services.flatMap(\.changes).map(\.path)
        == ["volumes[data].access"])
  }

  // MARK: What is there already

  @Test("What a failed run has left goes before anything starts")
  func leftoversGoFirst() throws {
    let (old, new) = (Self.database(replicas: 1), Self.database(replicas: 1, version: 2))
    let observation = Self.observation([(Self.first, old), (Self.second, Self.database(version: 3))])
    let plan = try Fixture.plan(new, observed: observation, last: old)
    #expect(
      plan.steps == ["delete 0.backup", "delete 0.db", "delete 0", "restart 0_g1.db", "record workload"])
    #expect(plan.action("restart 0_g1.db")?.after.contains(ActionID("delete 0.db")) == true)
    #expect(
      plan.interruptions.map(\.service) == ["backup", "db"] || plan.interruptions.map(\.service) == ["db"])
    // One that is as wanted stays, and nothing is interrupted.
    let back = try Fixture.plan(old, observed: observation, last: old)
    #expect(back.steps == ["delete 0_g1.backup", "delete 0_g1.db", "delete 0_g1"])
    #expect(back.interruptions.isEmpty)
  }

  @Test("An instance in another place goes before the one that is lost comes back")
  func otherPlacesGoFirst() throws {
    let old = Self.database(replicas: 1)
    let plan = try Fixture.plan(old, observed: Self.observation([(InstanceID(1), old)]), last: old)
    #expect(
      plan.steps == [
        "delete 1.backup", "delete 1.db", "delete 1", "create 0", "create 0.db", "create 0.backup",
      ])
    #expect(
      plan.action("create 0.db")?.after.contains(ActionID("delete 1")) == true
        || plan.action("create 0")?.after.contains(ActionID("delete 1")) == true)
    #expect(plan.interruptions.map(\.isForGood) == [false, false])
  }

  @Test("From one writer to many, the one changes first; from many to one, the others go first")
  func accessChanges() throws {
    let old = Self.database(replicas: 1)
    let new = Self.shared(Self.database(version: 2), 3)
    let more = try Fixture.plan(new, observed: Self.observation([(Self.first, old)]), last: old)
    #expect(more.steps.first == "restart 0.db")
    for id in ["create 1", "create 2"] {
      #expect(more.action(id)?.after.contains(ActionID("restart 0.db")) == true)
    }
    let three = Self.observation((0..<3).map { (InstanceID($0), new) })
    let less = try Fixture.plan(old, observed: three, last: new) { $0.intent = .rollback(to: 1) }
    let restart = try #require(less.action("restart 0.db"))
    #expect(Set(restart.after).isSuperset(of: [ActionID("delete 1.db"), ActionID("delete 2.db")]))
  }

  @Test("An observation with gaps makes no plan")
  func gaps() throws {
    let old = Self.database(replicas: 1)
    var observation = Self.observation([])
    observation.gaps = ["instance 0 does not answer"]
    #expect(codes { try Fixture.plan(old, observed: observation, last: old) } == [.observationIncomplete])
  }

  @Test("Operators start nothing beside what still runs")
  func operatorsStartNothingBeside() throws {
    let old = Self.database(replicas: 1)
    var observation = Self.observation([(Self.first, old), (Self.second, old)])
    func start(_ operation: Planning.Operation = .start(.all)) -> [DiagnosticCode] {
      codes {
        try Fixture.plan(old, observed: observation, last: old) {
          $0.operation = operation
          $0.intent = operation.intent
          $0.operatorState = OperatorState(stopped: [.all])
        }
      }
    }
    for index in observation.instances[1].services.indices {
      observation.instances[1].services[index].state = .stopped
      observation.instances[1].services[index].isReady = false
    }
    observation.instances[0].services[0].isReady = false
    #expect(start() == [.volumeInUse])
    for index in observation.instances[0].services.indices {
      observation.instances[0].services[index].state = .stopped
      observation.instances[0].services[index].isReady = false
    }
    #expect(start() == [])
    #expect(start(.stop(.all)) == [])
  }

  // MARK: Several instances

  @Test("More than one instance is an error, and the message says what to write")
  func severalAreAnError() throws {
    let old = Self.database(replicas: 1)
    let running = Self.observation([(Self.first, old)])
    let cases: [(what: String, plan: () throws -> Plan)] = [
      (
        "scaled",
        {
          try Fixture.plan(Self.database(replicas: 2), observed: running, last: old) {
            $0.intent = .scale(to: 2)
          }
        }
      ),
      ("stated", { try Fixture.plan(Self.database(replicas: 2), observed: running, last: old) }),
      (
        "there already, and left open",
        {
          let sharing = Self.shared(old, 2)
          return try Fixture.plan(
            Self.database(), observed: Self.observation((0..<2).map { (InstanceID($0), sharing) }),
            last: sharing)
        }
      ),
      (
        "restored",
        {
          try Fixture.plan(Self.database(replicas: 3), observed: running, last: old) {
            $0.intent = .rollback(to: 1)
          }
        }
      ),
    ]
    for (what, plan) in cases {
      let error = try #require(throws: DiagnosticError.self) { try plan() }
      #expect(error.diagnostics.map(\.code) == [.oneWriterReplicas], "\(what)")
      for text in ["access: many", "kind: stateful_set"] {
        #expect(error.diagnostics.first?.help?.contains(text) == true, "\(what)")
      }
    }
  }

  @Test("What was released with several can be gone back to, stopped and scaled down")
  func severalOfBefore() throws {
    let before = Self.database(replicas: 3, version: 1)
    let observation = Self.observation((0..<3).map { (InstanceID($0), before) })
    func plan(_ intent: RunIntent, _ replicas: Int = 3, version: Int = 1) throws -> Plan {
      try Fixture.plan(
        Self.database(replicas: replicas, version: version), observed: observation, last: before
      ) {
        $0.intent = intent
      }
    }
    let back = try plan(.rollback(to: 1), version: 2)
    #expect(back.steps == ["restart 0.db", "restart 1.db", "restart 2.db", "record workload"])
    #expect(back.notes.map(\.code) == [.sharedBySeveral, .changedInPlace])
    #expect(try plan(.scale(to: 2), 2).notes.map(\.code).contains(.sharedBySeveral))
    let one = try plan(.scale(to: 1), 1)
    #expect(
      one.steps.filter { $0.hasPrefix("delete") }.count == 6
        && !one.notes.map(\.code).contains(.sharedBySeveral))
    #expect(codes { try plan(.scale(to: 3), 3) } == [.oneWriterReplicas])
    #expect(codes { try plan(.scale(to: 4), 4) } == [.oneWriterReplicas])
    let stop = try Fixture.plan(before, observed: observation, last: before) {
      $0.operation = .stop(.all)
      $0.intent = .stop
    }
    #expect(stop.notes.isEmpty && stop.actions.count { $0.kind == .stop } == 6)
    #expect(
      try Fixture.plan(nil, observed: observation, last: before).actions.count { $0.kind == .delete } == 9)
  }

  @Test("A stateful set has a volume for each instance")
  func aStatefulSetIsFree() throws {
    let set = Self.database(replicas: 3) { $0.kind = .statefulSet }
    #expect(try Fixture.plan(set).notes.isEmpty)
  }

  // MARK: Within an instance

  @Test("A service with a new name starts when the old one has gone")
  func aRenamedServiceWaits() throws {
    let old = Self.database(replicas: 1)
    var new = old
    new.services[0].name = "postgres"
    let plan = try Fixture.plan(new, observed: Self.observation([(Self.first, old)]), last: old)
    #expect(plan.action("create 0.postgres")?.after.contains(ActionID("delete 0.db")) == true)
  }

  @Test("What gives its volume to a service that it needs is stopped first")
  func aVolumeIsHandedOver() throws {
    let old = Self.database(replicas: 1)
    var new = old
    new.services.append(Fixture.service("store", .sidecar) { $0.volumes = [Self.volume()] })
    new.services[0].volumes = []
    new.services[0].dependsOn = ["store"]
    let plan = try Fixture.plan(new, observed: Self.observation([(Self.first, old)]), last: old)
    #expect(plan.steps == ["stop 0.db", "create 0.store", "replace 0.db", "record workload"])
    #expect(plan.action("create 0.store")?.after == [ActionID("stop 0.db")])
    // Two services that both have it share it knowingly.
    var both = old
    both.services[1].volumes = [Self.volume()]
    let shared = try Fixture.plan(both, observed: Self.observation([(Self.first, old)]), last: old)
    #expect(shared.steps == ["replace 0.backup", "record workload"])
  }

  @Test("Of services that swap their volumes, one is stopped before the other starts with its volume")
  func volumesAreSwapped() throws {
    func named(_ name: String) -> Volume {
      var volume = Self.volume()
      volume.name = name
      return volume
    }
    func workload(_ first: String, _ second: String) -> Workload {
      var workload = Self.database(replicas: 1)
      workload.services = [
        Fixture.service("db") { $0.volumes = [named(first)] },
        Fixture.service("a", .sidecar) { $0.volumes = [named("other")] },
        Fixture.service("b", .sidecar) { $0.volumes = [named(second)] },
      ]
      return workload
    }
    let old = workload("data", "log")
    let plan = try Fixture.plan(
      workload("log", "data"), observed: Self.observation([(Self.first, old)]), last: old)
    #expect(plan.steps == ["stop 0.b", "replace 0.db", "replace 0.b", "record workload"])
    #expect(plan.action("replace 0.db")?.after == [ActionID("stop 0.b")])
  }

  // MARK: Volumes that go out of use

  @Test("A persistent volume that goes out of use is told")
  func detachedVolumes() throws {
    let old = Self.database(replicas: 1)
    let cases: [(what: String, edit: (inout Workload) -> Void, isDetached: Bool)] = [
      ("it becomes ephemeral", { $0.services[0].volumes = [Self.volume(.one, .ephemeral)] }, true),
      ("it is dropped", { $0.services[0].volumes = [] }, true),
      ("it is renamed", { $0.services[0].volumes[0].name = "other" }, true),
      (
        "its service goes",
        {
          $0.services.removeFirst(); $0.services[0].role = .main
        }, true
      ),
      (
        "it moves to another service",
        {
          $0.services[1].volumes = $0.services[0].volumes; $0.services[0].volumes = []
        }, false
      ),
      ("there is no instance", { $0.replicas = 0 }, false),
      ("its path changes", { $0.services[0].volumes[0].mountPath = "/other" }, false),
    ]
    for (what, edit, isDetached) in cases {
      var new = old
      edit(&new)
      var observation = Self.observation([(Self.first, old)])
      observation.volumes = [ObservedVolume(name: "data", type: .persistent)]
      let plan = try Fixture.plan(new, observed: observation, last: old)
      #expect(plan.detachedVolumes.map(\.name) == (isDetached ? ["data"] : []), "\(what)")
    }
    let set = Self.database(replicas: 2) { $0.kind = .statefulSet }
    var none = set
    none.replicas = 0
    var observation = Self.observation((0..<2).map { (InstanceID($0), set) })
    observation.volumes = (0..<2).map { ObservedVolume(name: "data", ordinal: $0, type: .persistent) }
    #expect(
      try Fixture.plan(none, observed: observation, last: set).detachedVolumes.map(\.ordinal) == [0, 1])
  }
}
