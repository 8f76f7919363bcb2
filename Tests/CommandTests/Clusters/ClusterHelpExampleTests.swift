import Foundation
import Testing

/// The examples of `berth cluster`, run as they are printed on a real engine that has the cluster which they name.
@Suite(.serialized, DockerStage.isThere) struct ClusterHelpExampleTests {
  /// What these examples begin with.
  static let prefix = "berth cluster "

  @Test("Runs as printed", arguments: HelpExampleTests.all.filter { $0.hasPrefix(prefix) })
  func runsAsPrinted(_ example: String) async throws {
    try await ClusterStage(name: "dev").use { stage in
      try await stage.make("dev", workers: 1)
      let host = ProcessInfo.processInfo.environment["BERTH_TEST_DOCKER_HOST"] ?? ""
      try HelpExampleTests.run(example, environment: ["DOCKER_HOST": host])
    }
  }
}
