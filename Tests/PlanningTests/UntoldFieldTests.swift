import Planning
import Testing
import WorkloadSpec

/// Fields of which an engine is told nothing: a change of them is recorded, and touches nothing that lives.
@Suite struct UntoldFieldTests {
  private static let untold: Set<String> = [
    "dependsOn", "stopGrace", "healthCheck.path", "healthCheck.port", "healthCheck.interval", "volumes.size",
  ]

  private static let old = Fixture.workload([
    Fixture.service("api") {
      $0.dependsOn = ["db"]
      $0.healthCheck = HealthCheck()
      $0.healthCheck?.port = 80
      $0.volumes = [volume]
    },
    Fixture.service("db", .sidecar),
  ])

  private static var volume: Volume {
    var volume = Volume()
    volume.name = "data"
    volume.mountPath = "/data"
    volume.size = ByteQuantity("1Gi")
    return volume
  }

  private static func observation(of workload: Workload) -> Observation {
    Fixture.observation(of: workload) { observation in
      for index in observation.instances[0].services.indices {
        observation.instances[0].services[index].live.untold = untold
      }
    }
  }

  private static let edits: [(String, @Sendable (inout Service) -> Void)] = [
    ("dependsOn", { $0.dependsOn = [] }), ("stopGrace", { $0.stopGrace = .seconds(60) }),
    ("healthCheck.path", { $0.healthCheck?.path = "/up" }),
    ("healthCheck.interval", { $0.healthCheck?.interval = .seconds(1) }),
    ("volumes[data].size", { $0.volumes[0].size = ByteQuantity("2Gi") }),
  ]

  @Test("A change of one is only recorded", arguments: edits.indices) func aChangeOfOneIsOnlyRecorded(
    index: Int
  ) throws {
    let (path, edit) = Self.edits[index]
    var new = Self.old
    edit(&new.services[0])
    let observation = Self.observation(of: Self.old)
    let plan = try Fixture.plan(new, observed: observation, last: Self.old)
    #expect(plan.steps == ["record workload"])
    #expect(plan.actions.last?.changes.map(\.path) == ["services[api].\(path)"])
    #expect(plan.interruptions.isEmpty)
    // It is nothing that could make a saved plan stale.
    #expect(
      observation.fingerprint(desired: new, last: Self.old)
        == Self.observation(of: new).fingerprint(desired: new, last: Self.old))
  }

  @Test("What else changes is changed and not told twice") func whatElseChangesIsChangedAndNotToldTwice()
    throws
  {
    var new = Self.old
    new.services[0].env = ["LEVEL": "debug"]
    new.services[0].healthCheck?.path = "/up"
    let plan = try Fixture.plan(new, observed: Self.observation(of: Self.old), last: Self.old)
    #expect(plan.steps == ["restart 0.api", "record workload"])
    #expect(plan.actions.first?.changes.map(\.path) == ["env.LEVEL"])
    #expect(plan.actions.last?.changes.map(\.path) == ["services[api].healthCheck.path"])
  }

  @Test("What the engine was told is still compared") func whatTheEngineWasToldIsStillCompared() throws {
    var new = Self.old
    new.services[0].healthCheck?.port = nil
    new.services[0].healthCheck?.command = ["/bin/check"]
    let plan = try Fixture.plan(new, observed: Self.observation(of: Self.old), last: Self.old)
    #expect(plan.steps == ["update 0.api", "record workload"])
    #expect(plan.actions.first?.changes.map(\.path) == ["healthCheck.command"])
  }

  @Test("What is made has all of it") func whatIsMadeHasAllOfIt() throws {
    var new = Self.old
    new.services[0].stopGrace = .seconds(60)
    let plan = try Fixture.plan(
      new, observed: Observation(engine: Fixture.engine), last: Self.old)
    #expect(plan.actions.last?.changes == [])
  }
}
