import LocalProvider
import ProviderContract
import ProviderKit
import Testing

/// What every store must do, done by this one. Each opening is a new store object on one file.
@Suite struct LocalStoreContractTests {
  private struct Harness: StoreHarness {
    let folder = StoreFolder()

    func open() async throws -> any ReleaseStore { folder.store() }
  }

  @Test("Passes the contract", arguments: StoreContract.cases)
  func passesTheContract(_ contract: StoreCase) async throws {
    try await contract.run(Harness())
  }
}
