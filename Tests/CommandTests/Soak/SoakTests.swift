import Foundation
import Testing

/// Random things that happen for a long time. `make soak` runs it; nothing else does.
@Suite struct SoakTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let minutes = environment["BERTH_TEST_SOAK_MINUTES"].flatMap(Double.init)

  @Test(.enabled(if: minutes != nil, "`make soak` asks for it"))
  func everythingStaysAsItMustBe() throws {
    let seed = Self.environment["BERTH_TEST_SOAK_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)
    let end = Date().addingTimeInterval((Self.minutes ?? 0) * 60)
    let soak = try Soak(seed: seed, troubles: Set(Soak.Trouble.allCases))
    print("soak: seed \(seed)")
    var failures = 0
    while Date() < end {
      do { try soak.step() } catch {
        // What comes after a failure would only be its consequence.
        failures = 1
        Issue.record("\(error)")
        break
      }
    }
    print("soak: seed \(seed), \(soak.steps) steps, \(soak.kills) kills, \(failures) failures")
  }
}
