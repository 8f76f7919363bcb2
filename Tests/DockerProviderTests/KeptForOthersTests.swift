import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import DockerAPI
@testable import DockerProvider

/// What the things are called of histories that an engine keeps for others.
@Suite struct KeptForOthersNameTests {
  @Test("No name of one engine's history is one of another's") func noNameIsAnothers() {
    let key = WorkloadKey(namespace: "default", name: "shop")
    let engines = [("local", "7f"), ("local", "7F"), ("docker", "7f"), ("docker", "A:B"), ("local", "7f-a")]
      .map {
        EngineIdentity(provider: $0, id: $1)
      }
    let names = [StoreNames.standard] + engines.map { StoreNames(of: $0) }
    let all = names.flatMap {
      [$0.archive, $0.key, $0.ledger(of: key), $0.lock(of: key), $0.journal(of: RunID("r"))]
    }
    #expect(Set(all).count == all.count)
    for one in names {
      for other in names where other != one {
        #expect(!one.ledger(of: key).hasPrefix(other.ledgers) && !one.lock(of: key).hasPrefix(other.locks))
      }
    }
    for name in all {
      #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) })
    }
  }
}

/// Histories of other engines that an engine keeps.
@Suite(TestEngine.isThere) struct KeptForOthersTests {
  /// What is deleted may be gone by then: the store deletes what it needs no more in its own time.
  final class Harness: StoreHarness, Sendable {
    let connection = TestEngine.connection()
    let engine = EngineIdentity(
      provider: "local", id: "test-" + String(UInt32.random(in: .min ... .max), radix: 36))

    func open() async throws -> any ReleaseStore {
      try await DockerProvider(connection: connection).store(of: engine, limits: HistoryLimits())
    }

    func end() async throws {
      let client = try await connection.client()
      let prefix = StoreNames(of: engine).prefix
      for container in try await client.containers.list()
      where container.names.contains(where: { $0.hasPrefix(prefix) }) {
        _ = try? await client.containers.remove(container.id, force: true)
      }
      for volume in try await client.volumes.list() where volume.name.hasPrefix(prefix) {
        _ = try? await client.volumes.remove(volume.name)
      }
    }
  }

  @Test("Keep the contract", arguments: StoreContract.cases)
  func keepTheContract(_ contract: StoreCase) async throws {
    let harness = Harness()
    let result: Result<Void, any Error>
    do { result = .success(try await contract.run(harness)) } catch { result = .failure(error) }
    try await harness.end()
    try result.get()
  }
}
