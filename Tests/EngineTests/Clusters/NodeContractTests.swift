import ClusterNodes
import ProviderContract
import ProviderKit
import Testing

/// What every provider of nodes must do, done by the simulated one, whichever way it answers.
@Suite struct NodeContractTests {
  /// How the simulation answers.
  enum Manner: CaseIterable {
    case atOnce
    case later
    case inPages
  }

  private struct Harness: NodeHarness {
    let nodes = SimulatedNodes()
    var provider: any NodeProvider { nodes }
    let timeout = Duration.seconds(30)
    let hasBelongings = true

    init(_ manner: Manner) {
      nodes.meddle { world in
        if manner == .later { world.looksUntilDone = 3 }
        if manner == .inPages { world.pageSize = 2 }
      }
    }

    var unreachable: any NodeProvider {
      let silent = SimulatedNodes()
      silent.meddle { $0.isUnreachable = true }
      return silent
    }

    func make(_ label: String, workers: Int) async throws -> ClusterID {
      let id = ClusterID(scheme: "kind", name: label)
      nodes.meddle { world in
        world.add("\(label)-control-plane", .controlPlane, to: id)
        for number in 0..<workers { world.add("\(label)-worker\(number)", to: id) }
        world.add(.network, label, to: id)
        world.add(.volume, label, to: id)
      }
      return id
    }

    func tidyUp() async throws { nodes.meddle { $0 = SimulatedNodes.World() } }
  }

  @Test("the simulated provider passes the contract", arguments: NodeContract.cases, Manner.allCases)
  func passesTheContract(_ contract: NodeCase, _ manner: Manner) async throws {
    try await contract.run(Harness(manner))
  }
}
