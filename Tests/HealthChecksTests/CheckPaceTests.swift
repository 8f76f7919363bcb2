import HealthChecks
import Testing

@Suite struct CheckPaceTests {
  @Test(
    "Pauses grow up to the interval",
    arguments: [
      (10_000, [50, 100, 150, 200, 250]), (120, [50, 100, 120, 120, 120]), (10, [10, 10, 10, 10, 10]),
    ] as [(Int64, [Int64])])
  func pausesGrowUpToTheInterval(interval: Int64, pauses: [Int64]) {
    var pace = CheckPace(interval: interval)
    #expect(pauses.map { _ in pace.pauseAfterFailure() } == pauses)
  }
}
