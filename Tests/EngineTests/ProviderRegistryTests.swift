import Diagnostics
import ProviderContract
import ProviderKit
import Testing

@Suite struct ProviderRegistryTests {
  let registry: ProviderRegistry = {
    var registry = ProviderRegistry()
    registry.register("simulated", summary: "an engine in memory") { _ in SimulatedProvider() }
    registry.register("docker", summary: "containers") { _ in SimulatedProvider() }
    return registry
  }()

  @Test("The first one is the default and the list is in order")
  func theFirstOneIsTheDefaultAndTheListIsInOrder() {
    #expect(registry.default?.name == "simulated")
    #expect(registry.list.map(\.name) == ["docker", "simulated"])
    #expect(ProviderRegistry().default == nil)
  }

  @Test("A known name is found") func aKnownNameIsFound() throws {
    #expect(try registry.get("docker").summary == "containers")
  }

  @Test(
    "An unknown name is an error that lists the known ones",
    arguments: [
      ("dokcer", "did you mean `docker`?"), ("nomad", "the known providers are `docker`, `simulated`"),
    ])
  func anUnknownNameIsAnErrorThatListsTheKnownOnes(name: String, help: String) {
    let error = #expect(throws: DiagnosticError.self) { try registry.get(name) }
    #expect(error?.diagnostics.first?.code == .unknownProvider)
    #expect(error?.diagnostics.first?.help == help)
  }

  @Test("The simulated provider tells of itself") func theSimulatedProviderTellsOfItself() async throws {
    let provider = try registry.get("simulated").make(TargetOptions(name: "test"))
    let info = try await provider.info()
    #expect(!info.identity.id.isEmpty)
    #expect(await provider.health().isHealthy)
  }
}
