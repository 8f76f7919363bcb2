import Planning
import Testing
import WorkloadSpec

/// What volumes that images declare mean for plans.
@Suite struct ImageVolumeTests {
  private static let volume = ImageVolume(service: "api", path: "/data")

  /// A workload that would rather show the new instance before the old one goes.
  private static func workload(
    _ type: StrategyType = .rolling, _ edit: (inout Service) -> Void = { _ in }
  ) -> Workload {
    Fixture.workload([Fixture.service("migrate", .`init`), Fixture.service("api", .main, edit)]) {
      $0.strategy = Strategy()
      $0.strategy.type = type
    }
  }

  /// The live state where the image of a service declares a volume.
  private static func observation(of workload: Workload, declaredBy service: String = "api") -> Observation {
    Fixture.observation(of: workload) { observation in
      for instance in observation.instances.indices {
        for index in observation.instances[instance].services.indices
        where observation.instances[instance].services[index].name == service {
          observation.instances[instance].services[index].imageVolumes = [
            ImageVolume(service: service, path: "/data")
          ]
        }
        let ordinal = observation.instances[instance].id.ordinal
        var volume = ObservedVolume(name: "\(service).data", ordinal: ordinal, type: .persistent)
        volume.image = ImageVolume(service: service, path: "/data")
        observation.volumes.append(volume)
      }
    }
  }

  private static func named(_ type: VolumeType, _ path: String = "/data") -> Volume {
    var volume = Volume()
    volume.name = "store"
    volume.mountPath = path
    volume.type = type
    return volume
  }

  @Test("Two containers never write to one", arguments: [StrategyType.rolling, .blueGreen, .canary])
  func twoContainersNeverWriteToOne(strategy: StrategyType) throws {
    let last = Self.workload(strategy)
    let plan = try Fixture.plan(
      Self.workload(strategy) { $0.env = ["LEVEL": "debug"] }, observed: Self.observation(of: last),
      last: last)
    #expect(plan.steps == ["restart 0.api", "record workload"])
    #expect(plan.notes.map(\.code) == [.changedInPlace])
    #expect(plan.notes.first?.message.contains("/data") == true)
    #expect(plan.detachedVolumes.isEmpty)
  }

  @Test("The volume that an init's image declares keeps no second instance away")
  func whatAnInitKeepsIsInNobodysWay() throws {
    let last = Self.workload()
    let plan = try Fixture.plan(
      Self.workload { $0.env = ["LEVEL": "debug"] },
      observed: Self.observation(of: last, declaredBy: "migrate"), last: last)
    #expect(plan.steps.contains("create 0_g1.api"))
  }

  @Test(
    "A spec may name it",
    arguments: [
      (VolumeType.persistent, "/data/", "replace 0.api", []),
      (.persistent, "${root}/data", "replace 0.api", []),
      (.ephemeral, "/data", "create 0_g1.api", ["api.data"]),
    ])
  func aSpecMayNameIt(type: VolumeType, path: String, step: String, detached: [String]) throws {
    let last = Self.workload()
    let plan = try Fixture.plan(
      Self.workload { $0.volumes = [Self.named(type, path)] }, observed: Self.observation(of: last),
      last: last)
    #expect(plan.steps.contains(step), "\(plan.steps)")
    #expect(plan.detachedVolumes.map(\.name) == detached)
  }

  @Test("It is detached when nothing uses it any more") func itIsDetachedWhenNothingUsesItAnyMore() throws {
    let last = Self.workload { _ in }
    var observed = Self.observation(of: last)
    #expect(!observed.isDetached(observed.volumes[0]))
    #expect(try Fixture.plan(nil, observed: observed, last: last).detachedVolumes.map(\.name) == ["api.data"])
    // An image that declares it no more.
    observed.instances[0].services[1].imageVolumes = []
    #expect(observed.isDetached(observed.volumes[0]))
    #expect(
      try Fixture.plan(last, observed: observed, last: last).detachedVolumes.map(\.name) == ["api.data"])
    // What is made anew may well use it again.
    observed.instances = []
    #expect(observed.isDetached(observed.volumes[0]))
    #expect(try Fixture.plan(last, observed: observed, last: last).detachedVolumes.isEmpty)
  }

  @Test(
    "Paths that lead to one place are alike",
    arguments: [
      ("/data", "/data"), ("/data/", "/data"), ("//a/./b", "/a/b"), ("/a/../b", "/b"), ("/..", "/"),
      ("", "/"),
    ])
  func pathsThatLeadToOnePlaceAreAlike(path: String, plain: String) {
    #expect(MountPath.plain(path) == plain)
  }
}
