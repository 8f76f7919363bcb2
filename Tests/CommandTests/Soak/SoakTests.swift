import Foundation
import Testing

/// Random things that happen for a long time. `make soak` runs it; nothing else does.
@Suite(.serialized) struct SoakTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let minutes = environment["BERTH_TEST_SOAK_MINUTES"].flatMap(Double.init)

  @Test(
    "Processes of this machine stay as they must be, with all that they wrote",
    .enabled(if: minutes != nil, "`make soak` asks for it"))
  func processesStayAsTheyMustBe() async throws { try await soak(on: try LocalSoakStage(), named: "local") }

  @Test(
    "So do containers", .enabled(if: minutes != nil, "`make soak` asks for it"), DockerStage.isThere)
  func containersStayAsTheyMustBe() async throws {
    try await DockerStage().use { try await soak(on: DockerSoakStage($0), named: "docker") }
  }

  private func soak(on stage: any SoakStage, named name: String) async throws {
    let seed = Self.environment["BERTH_TEST_SOAK_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)
    let end = Date().addingTimeInterval((Self.minutes ?? 0) * 60)
    let soak = Soak(seed: seed, on: stage, troubles: Set(Soak.Trouble.allCases))
    print("soak on \(name): seed \(seed)")
    var failures = 0
    while Date() < end {
      do { try await soak.step() } catch {
        // What comes after a failure would only be its consequence.
        failures = 1
        Issue.record("\(error)")
        break
      }
    }
    print(
      """
      soak on \(name): seed \(seed), \(soak.steps) steps, \(soak.kills) kills, \(soak.failedApplies) applies of versions \
      that fail, \(soak.bytes) bytes in volumes, \(failures) failures
      """)
  }
}
