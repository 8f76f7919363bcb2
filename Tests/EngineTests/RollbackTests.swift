import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

@Suite struct RollbackTests {
  let bench = Bench()

  func version(_ number: Int) -> Workload { Examples.web("api") { $0.command = ["/bin/api", "v\(number)"] } }

  var command: [String]? {
    bench.outline.instance(InstanceID(0))?.service("api")?.live.service.command
  }

  @Test("A rollback restores a release and only touches what differs")
  func aRollbackRestoresAReleaseAndOnlyTouchesWhatDiffers() async throws {
    let origin = Provenance(commit: "first", isDirty: false, author: "Ada <ada@example.com>")
    try await bench.apply(.spec(version(1), services: nil), provenance: ["api": origin])
    try await bench.apply(version(2))
    let (api, envoy) = (bench.processID("api"), bench.processID("envoy"))
    let result = try await bench.apply(.release(1))
    #expect(result.release?.number == 3)
    #expect(result.release?.restoredFrom == 1)
    #expect(result.release?.snapshot?.isSameSnapshot(as: version(1)) == true)
    #expect(result.release?.provenance == ["api": origin])
    #expect(result.run?.intent == .rollback(to: 1))
    #expect(command == ["/bin/api", "v1"])
    #expect(bench.processID("api") != api && bench.processID("envoy") == envoy)
  }

  @Test("Without a number it goes back step by step") func withoutANumberItGoesBackStepByStep() async throws {
    for number in 1...3 { try await bench.apply(version(number)) }
    #expect(try await bench.apply(.release(nil)).release?.restoredFrom == 2)
    #expect(try await bench.apply(.release(nil)).release?.restoredFrom == 1)
    #expect(command == ["/bin/api", "v1"])
    #expect(try await bench.refusal(of: .release(nil)) == [.noRelease])
    #expect(try await bench.releases.map(\.restoredFrom) == [nil, nil, nil, 2, 1])
  }

  @Test("After a failed run it means the current release") func afterAFailedRunItMeansTheCurrentRelease()
    async throws
  {
    try await bench.apply(version(1))
    try await bench.apply(version(2))
    bench.provider.meddle { $0.failingCommands = [["/bin/api", "v3"]] }
    #expect(try await bench.apply(version(3)).outcome == .failed)
    let result = try await bench.apply(.release(nil))
    #expect(result.outcome == .succeeded && result.run?.intent == .rollback(to: 2))
    #expect(command == ["/bin/api", "v2"])
    // The current release was reached again: there is nothing new to record.
    #expect(try await bench.releases.map(\.number) == [1, 2])
  }

  @Test("A destroyed workload can be brought back") func aDestroyedWorkloadCanBeBroughtBack() async throws {
    try await bench.apply(version(1))
    try await bench.apply(.destroy(volumes: false))
    let result = try await bench.apply(.release(nil))
    #expect(result.release?.number == 3 && result.release?.restoredFrom == 1)
    #expect(command == ["/bin/api", "v1"])
  }

  @Test("It mends drift too") func itMendsDriftToo() async throws {
    try await bench.apply(version(1))
    try await bench.apply(version(2))
    bench.provider.meddle { $0.kill("envoy", in: InstanceID(0), of: bench.key) }
    #expect(try await bench.apply(.release(1)).outcome == .succeeded)
    #expect(bench.outline.instance(InstanceID(0))?.isReady == true)
  }

  @Test("Volumes are not rolled back") func volumesAreNotRolledBack() async throws {
    try await bench.apply(Examples.hello)
    try await bench.apply(Examples.web)
    let result = try await bench.apply(.release(1))
    #expect(result.plan.detachedVolumes.map(\.name) == ["data"])
    #expect(bench.outline.volumes.contains { $0.name == "data" })
  }

  @Test("A release that is kept no more is refused with those that are")
  func aReleaseThatIsKeptNoMoreIsRefusedWithThoseThatAre() async throws {
    let store = MemoryStore(newDigestKey: Array(0..<32), limits: HistoryLimits(releases: 2, runs: 9))
    let bench = Bench(store: store)
    for number in 1...4 { try await bench.apply(version(number)) }
    let error = try await #require(throws: DiagnosticError.self) { try await bench.apply(.release(2)) }
    let diagnostic = try #require(error.diagnostics.first)
    #expect(diagnostic.code == .unknownRelease && diagnostic.message == "`shop` has no release 2 any more")
    #expect(diagnostic.help?.contains("its releases are 3 to 4; `berth history shop`") == true)
    #expect(try await bench.apply(.release(3)).release?.number == 5)
  }

  @Test("A workload that is too large is refused before anything is changed")
  func aWorkloadThatIsTooLargeIsRefusedBeforeAnythingIsChanged() async throws {
    var file = ConfigFile()
    file.name = "model"
    file.path = "/etc/model"
    file.content = String(repeating: "x", count: 8 << 20)
    var workload = version(1)
    workload.services[0].configFiles = [file]
    let error = try await #require(throws: DiagnosticError.self) { try await bench.apply(workload) }
    let diagnostic = try #require(error.diagnostics.first { $0.severity == .error })
    #expect(diagnostic.code == .workloadTooLarge)
    #expect(diagnostic.message.contains("the most is 8.0 MiB; the largest config file is `model`"))
    #expect(bench.store.writes == 0 && bench.provider.performed.isEmpty)
  }

  @Test("A release that is not there is refused") func aReleaseThatIsNotThereIsRefused() async throws {
    #expect(try await bench.refusal(of: .release(nil)) == [.noRelease])
    #expect(try await bench.refusal(of: .release(1)) == [.unknownRelease])
    try await bench.apply(version(1))
    #expect(try await bench.refusal(of: .release(7)) == [.unknownRelease])
    #expect(try await bench.refusal(of: .release(nil)) == [.noRelease])
    try await bench.apply(.destroy(volumes: true))
    #expect(try await bench.refusal(of: .release(2)) == [.unknownRelease])
  }
}
