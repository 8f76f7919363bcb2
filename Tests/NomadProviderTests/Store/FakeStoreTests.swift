import NomadAPI
import NomadFake
import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import NomadProvider

/// The store does what is asked of every store.
@Suite("The store on a cluster of Nomad in memory") struct FakeStoreTests {
  struct Harness: StoreHarness {
    let world: FakeWorld
    func open() async throws -> any ReleaseStore {
      RegisterStore(VariableRegisters(connection: world.provider.connection))
    }
  }

  @Test("keeps the contract of stores", arguments: StoreContract.cases)
  func keepsTheContract(_ contract: StoreCase) async throws {
    try await FakeWorld.with { world in try await contract.run(Harness(world: world)) }
  }

  @Test("says that older servers have nothing to keep it in")
  func olderServers() async throws {
    try await FakeWorld.with(.v1_1) { world in
      let store = RegisterStore(VariableRegisters(connection: world.provider.connection))
      let key = WorkloadKey(name: "shop")
      let heads = await store.heads(of: [key])
      #expect(throws: (any Error).self) { try heads.answer(for: key) }
    }
  }
}
