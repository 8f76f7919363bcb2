import NomadAPI
import NomadFake
import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import NomadProvider

/// Histories of other engines that a cluster keeps.
@Suite("Histories of other engines on a cluster of Nomad in memory") struct KeptForOthersTests {
  struct Harness: StoreHarness {
    let world: FakeWorld
    func open() async throws -> any ReleaseStore {
      let engine = EngineIdentity(provider: "docker", id: "7TRN:IPZB:QYBB")
      return try await world.provider.store(of: engine, limits: HistoryLimits())
    }
  }

  @Test("keep the contract of stores", arguments: StoreContract.cases)
  func keepTheContract(_ contract: StoreCase) async throws {
    try await FakeWorld.with { world in try await contract.run(Harness(world: world)) }
  }

  @Test("have variables of their own, and are listed apart") func areApart() async throws {
    try await FakeWorld.with { world in
      let registers = VariableRegisters(connection: world.provider.connection)
      let long = String(repeating: "a", count: 63)
      let names = ["", "docker/one/", "docker/two/"].flatMap { owner in
        [
          "heads/default_shop", "heads/default_at", "locks/default_shop", "keys/default_digests",
          "records/default_shop/runs/00000001_a_a", "records/default_\(long)/blobs/\(long)\(long)_a_1",
        ].map { owner + $0 }
      }
      let paths = try names.map { try VariablePath($0) }
      #expect(Set(paths.map(\.path)).count == names.count)
      for path in paths { #expect(path.path.utf8.count <= 128) }
      for name in names { #expect(try await registers.create(name, Array(name.utf8))) }
      for name in names { #expect(try await registers.get(name)?.contents == Array(name.utf8)) }
      for owner in ["", "docker/one/", "docker/two/"] {
        let heads = try await registers.list(owner + "heads/", contents: true)
        #expect(heads.map(\.name) == [owner + "heads/default_at", owner + "heads/default_shop"])
      }
    }
  }
}
