import Planning
import ProviderContract
import ProviderKit
import Testing

@testable import KubernetesAPI
@testable import KubernetesProvider

/// Histories of other engines that a cluster keeps.
@Suite("Histories of other engines on a cluster in memory") struct KeptForOthersTests {
  struct Harness: StoreHarness {
    let cluster: FakeCluster
    func open() async throws -> any ReleaseStore {
      let client = try await cluster.client()
      let engine = EngineIdentity(provider: "docker", id: "7TRN:IPZB:QYBB")
      return RegisterStore(
        ClusterRegisters(createsNamespaces: true) { client }, prefix: engine.storePath + "/")
    }
  }

  @Test("keep the contract of stores", arguments: StoreContract.cases)
  func keepTheContract(_ contract: StoreCase) async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    try await contract.run(Harness(cluster: cluster))
  }

  @Test("have objects of their own, and are listed apart") func areApart() async throws {
    let cluster = try await FakeCluster.start()
    defer { cluster.stop() }
    let client = try await cluster.client()
    let registers = ClusterRegisters(createsNamespaces: true) { client }
    let names = ["", "docker/one/", "docker/two/"].flatMap { owner in
      [
        "heads/default_shop", "heads/default_at", "locks/default_shop", "keys/default_digests",
        "records/default_shop/runs/00000001_a_a", "records/default_at/blobs/00_a_1",
      ].map { owner + $0 }
    }
    let places = try names.map { try RegisterPlace($0) }
    #expect(Set(places.map { "\($0.type.kind) \($0.object)" }).count == names.count)
    for name in names { #expect(try await registers.create(name, Array(name.utf8))) }
    for name in names {
      #expect(try await registers.get(name)?.contents == Array(name.utf8))
    }
    for owner in ["", "docker/one/", "docker/two/"] {
      let heads = try await registers.list(owner + "heads/", contents: true)
      #expect(heads.map(\.name) == [owner + "heads/default_at", owner + "heads/default_shop"])
    }
  }
}
