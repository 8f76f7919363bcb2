import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import NomadProvider

/// What every provider must do, done by a real agent.
@Suite("The provider's contract, on an agent of Nomad", TestAgent.isThere)
struct AgentContractTests {
  /// No volume is made: a cluster has those that its nodes or plugins name.
  static let left: Set<String> = ["a persistent volume outlives its workload, until it is deleted"]
  /// What takes a volume of the instance, which processes of the node do not mount.
  static let ofContainers: Set<String> = [
    "what is said on this engine is written, read back and changed",
    "what is said on another engine changes nothing but the release",
  ]
  /// What takes a check, which is made by Consul before Nomad 1.4.
  static let ofChecks: Set<String> = [
    "a service that never becomes ready runs into the timeout", "an action that waits can be cancelled",
  ]

  private func run(_ contract: ContractCase, on driver: NomadDriver) async throws {
    let place = ProviderContract.cases.firstIndex { "\($0)" == "\(contract)" } ?? 0
    try await AgentWorld.with(driver, "\(place)") { world in
      if !world.facts.makesChecks, Self.ofChecks.contains("\(contract)") { return }
      try await contract.run(AgentHarness(world: world))
      #expect(try await world.jobs() == [])
    }
  }

  @Test(
    "A case of the contract, with processes of the node", TestAgent.has(.rawExec),
    arguments: ProviderContract.cases.filter {
      !AgentContractTests.left.union(AgentContractTests.ofContainers).contains("\($0)")
    })
  func passesTheContractWithProcesses(_ contract: ContractCase) async throws {
    try await run(contract, on: .rawExec)
  }

  @Test(
    "A case of the contract, with containers", TestAgent.has(.docker),
    arguments: ProviderContract.cases.filter { !AgentContractTests.left.contains("\($0)") })
  func passesTheContractWithContainers(_ contract: ContractCase) async throws {
    try await run(contract, on: .docker)
  }
}
