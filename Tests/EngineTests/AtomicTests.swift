import Engine
import Planning
import ProviderContract
import Testing
import WorkloadSpec

@Suite struct AtomicTests {
  let bench = Bench { $0.atomic = true }

  init() {
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
  }

  @Test("A failed change goes back to the last release") func aFailedChangeGoesBackToTheLastRelease()
    async throws
  {
    try await bench.apply(Examples.web)
    let before = bench.outline
    let log = EventLog()
    let result = try await bench.apply(
      Examples.web { workload in
        workload.labels = ["team": "checkout"]
        workload.services[2].command = ["/bin/broken"]
        workload.services.append(Examples.service("cache", .sidecar))
      }, log: log)
    #expect(result.outcome == .failed)
    #expect(result.recovery?.outcome == .succeeded)
    #expect(result.recovery?.run?.intent == .rollback(to: 1))
    #expect(log.all.contains("going back to 1"))
    let isAsBefore = bench.outline == before
    #expect(isAsBefore)
    #expect(try await bench.releases.map(\.number) == [1])
    #expect(
      try await bench.store.runs(of: bench.key, limit: 10).map(\.outcome) == [
        .succeeded, .failed, .succeeded,
      ])
    #expect(try await bench.store.lock(of: bench.key) == nil)
    #expect(try await bench.apply(Examples.web).outcome == .nothingToDo)
  }

  @Test("A failed first apply takes away what it made") func aFailedFirstApplyTakesAwayWhatItMade()
    async throws
  {
    let result = try await bench.apply(Examples.web("envoy") { $0.command = ["/bin/broken"] })
    #expect(result.outcome == .failed)
    #expect(result.recovery?.outcome == .succeeded)
    #expect(result.recovery?.run?.intent == .destroy)
    #expect(bench.provider.world.keys.isEmpty)
    #expect(try await bench.releases.isEmpty)
  }

  @Test("Volumes that were there before stay") func volumesThatWereThereBeforeStay() async throws {
    try await bench.apply(Examples.web)
    try await bench.apply(.destroy(volumes: false))
    var broken = Examples.web("envoy") { $0.command = ["/bin/broken"] }
    var extra = Volume()
    extra.name = "extra"
    extra.mountPath = "/extra"
    extra.type = .persistent
    broken.services[1].volumes.append(extra)
    broken.services[1].volumes[0].size = ByteQuantity("2Gi")
    #expect(try await bench.apply(broken).recovery?.outcome == .succeeded)
    #expect(bench.outline.volumes.map(\.name) == ["data"])
    #expect(try await bench.releases.map(\.number) == [1, 2])
  }

  @Test("A failed single service leaves the others alone") func aFailedSingleServiceLeavesTheOthersAlone()
    async throws
  {
    try await bench.apply(Examples.web)
    bench.provider.meddle { $0.edit("logs", in: InstanceID(0), of: bench.key) { $0.env = ["BY": "hand"] } }
    let spec = Examples.web("envoy") { $0.command = ["/bin/broken"] }
    let result = try await bench.apply(.spec(spec, services: ["envoy"]))
    #expect(result.recovery?.plan.actions.map(\.id.description) == ["replace 0.envoy"])
    #expect(result.recovery?.outcome == .succeeded)
  }

  @Test("A failed new service is taken away again") func aFailedNewServiceIsTakenAwayAgain() async throws {
    try await bench.apply(Examples.web)
    let spec = Examples.web {
      $0.services.append(Examples.service("cache", .sidecar) { $0.command = ["/bin/broken"] })
    }
    let result = try await bench.apply(.spec(spec, services: ["cache"]))
    #expect(result.recovery?.outcome == .succeeded)
    #expect(bench.outline.instance(InstanceID(0))?.service("cache") == nil)
  }

  @Test("A failed destroy brings nothing back") func aFailedDestroyBringsNothingBack() async throws {
    try await bench.apply(Examples.web)
    bench.provider.plan(FaultPlan([Fault(.fail, at: .action(ActionID("delete 0.api")))]))
    let result = try await bench.apply(.destroy(volumes: false))
    #expect(result.outcome == .failed && result.recovery == nil)
    #expect(bench.outline.instance(InstanceID(0))?.service("envoy") == nil)
  }

  @Test("What keeps it from going back is told") func whatKeepsItFromGoingBackIsTold() async throws {
    try await bench.apply(Examples.web)
    bench.provider.plan(FaultPlan([Fault(.fail, at: .observe(2))]))
    let result = try await bench.apply(Examples.web("envoy") { $0.command = ["/bin/broken"] })
    #expect(result.outcome == .failed && result.recovery == nil)
    #expect(result.recoveryProblems.map(\.code) == [.engineUnreachable])
    #expect(try await bench.store.lock(of: bench.key) == nil)
    #expect(try await bench.apply(Examples.web).outcome == .succeeded)
  }
}
