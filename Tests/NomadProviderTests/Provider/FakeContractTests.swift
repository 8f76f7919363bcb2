import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import NomadProvider

/// What every provider must do, done by a cluster in memory, as far as that has tasks.
@Suite("The provider's contract, on a cluster of Nomad in memory") struct FakeContractTests {
  /// What the tasks of a cluster in memory can't do, since they are no processes: be ended by force, or have commands run in
  /// them. And no volume is made: a cluster has those that its nodes or plugins name.
  static let left: Set<String> = [
    "an instance that was killed is seen, and made anew",
    "what is seen of many workloads at once is what is seen of each",
    "a command has a terminal if one was asked for",
    "a program that is not there is exit code 127, with the reason",
    "a command gets all of its input, and its end", "a command sees the environment of its service",
    // The cluster in memory takes the finished allocation of an earlier batch job of the name for the new one's.
    "running twice in one run is running once",
    "a command ends with its own exit code", "a persistent volume outlives its workload, until it is deleted",
  ]

  @Test(
    "A case of the contract",
    arguments: ProviderContract.cases.filter { !FakeContractTests.left.contains("\($0)") })
  func passesTheContract(_ contract: ContractCase) async throws {
    try await FakeWorld.with { world in
      try await contract.run(FakeHarness(world: world))
      #expect(world.cluster.breaches == [])
    }
  }
}
