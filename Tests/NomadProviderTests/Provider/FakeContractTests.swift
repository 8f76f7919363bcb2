import NomadFake
import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import NomadProvider

/// What every provider must do, done by a cluster in memory.
@Suite("The provider's contract, on a cluster of Nomad in memory") struct FakeContractTests {
  /// No volume is made: a cluster has those that its nodes or plugins name.
  static let left: Set<String> = ["a persistent volume outlives its workload, until it is deleted"]

  @Test(
    "A case of the contract",
    arguments: [FakeVersion.v1_1, .v1_10],
    ProviderContract.cases.filter { !FakeContractTests.left.contains("\($0)") })
  func passesTheContract(_ version: FakeVersion, _ contract: ContractCase) async throws {
    try await FakeWorld.with(version) { world in
      try await contract.run(FakeHarness(world: world))
      #expect(world.cluster.breaches == [])
    }
  }
}
