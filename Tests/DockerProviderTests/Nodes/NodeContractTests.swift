import ClusterNodes
import DockerAPI
import ProviderContract
import ProviderKit
import TestSupport
import Testing

@testable import DockerProvider

/// What every provider of nodes must do, done by a real engine with the clusters of every maker.
@Suite(.serialized, TestEngine.isThere) struct NodeContractTests {
  private struct Harness: NodeHarness {
    let world = ClusterWorld()
    let maker: ClusterMaker
    var provider: any NodeProvider { world.provider }
    let timeout = Duration.seconds(30)
    var hasBelongings: Bool { maker.labelsClusters }

    var unreachable: any NodeProvider {
      DockerNodes(connection: EngineConnection { .unix(path: "/no/such/docker.sock") })
    }

    func make(_ label: String, workers: Int) async throws -> ClusterID {
      try await world.make(label, by: maker, workers: workers)
    }

    func tidyUp() async throws { try await world.end() }
  }

  /// One that labels its clusters and one that does not; making the clusters of all of them takes minutes.
  private static let makers = Thoroughness.isFull ? ClusterMaker.allCases : [.kind, .vcluster]

  @Test("the Docker provider passes the contract", arguments: NodeContract.cases, makers)
  func passesTheContract(_ contract: NodeCase, _ maker: ClusterMaker) async throws {
    try await contract.run(Harness(maker: maker))
  }
}
