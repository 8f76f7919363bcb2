import Engine
import Planning
import ProviderContract
import Testing
import WorkloadSpec

/// What a look for drift sees.
@Suite struct DriftTests {
  @Test("What covered its traces is seen by a deep look alone")
  func whatCoveredItsTracesIsSeenByADeepLookAlone() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    #expect(try await bench.preview.drift(of: bench.key, deeply: true).isEmpty)
    bench.provider.meddle { world in
      world.editUnseen("api", in: InstanceID(0), of: bench.key) {
        $0.configFiles[0].content = "workers: 400\n"
      }
    }
    #expect(try await bench.preview.drift(of: bench.key).isEmpty)
    let changes = try await bench.preview.drift(of: bench.key, deeply: true).actions.flatMap(\.changes)
    #expect(changes.map(\.causes) == [[.drift]])
    #expect(changes.first?.path.hasSuffix("configFiles[app].content") == true)
  }
}
