import Foundation
import LocalProvider
import Planning
import ProviderContract
import ProviderKit
import Testing

/// Histories of other engines that this machine keeps.
@Suite struct KeptForOthersTests {
  private struct Harness: StoreHarness {
    let folder = StoreFolder()
    let engine = EngineIdentity(provider: "docker", id: "7TRN:IPZB:QYBB")

    var provider: LocalProvider {
      LocalProvider(home: folder.root + "/local", store: LocalStore(path: folder.root + "/local/berth.db"))
    }

    func open() async throws -> any ReleaseStore {
      try await provider.store(of: engine, limits: HistoryLimits())
    }
  }

  @Test("Passes the contract", arguments: StoreContract.cases)
  func passesTheContract(_ contract: StoreCase) async throws { try await contract.run(Harness()) }

  @Test("Each engine has a file of its own, and reading makes none")
  func eachEngineHasAFileOfItsOwn() async throws {
    let harness = Harness()
    let provider = harness.provider
    for id in ["one", "two"] {
      let store = try await provider.store(
        of: EngineIdentity(provider: "docker", id: id), limits: HistoryLimits())
      #expect(try await store.workloads(in: nil).isEmpty)
      #expect(!FileManager.default.fileExists(atPath: harness.folder.root + "/local/stores/docker/\(id)"))
      try await store.begin(run("run-\(id)"))
      #expect(
        FileManager.default.fileExists(atPath: harness.folder.root + "/local/stores/docker/\(id)/berth.db"))
      #expect(try await store.runs(of: shop, limit: 9).map(\.id) == [RunID("run-\(id)")])
    }
    #expect(try await provider.history.workloads(in: nil).isEmpty)
  }

  @Test("The machine's own history is the one it has") func itsOwnHistoryIsTheOneItHas() async throws {
    let provider = Harness().provider
    let store = try await provider.store(of: try await provider.info().identity, limits: HistoryLimits())
    #expect((store as? LocalStore)?.path == (provider.store as? LocalStore)?.path)
  }
}
