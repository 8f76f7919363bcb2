import Testing

@testable import Supervisor

@Suite struct BackoffTests {
  @Test("Waits grow to a cap and are forgiven") func waitsGrowToACapAndAreForgiven() {
    var backoff = Backoff()
    let delays = (0..<8).map { _ in backoff.delay(afterRunning: 10) }
    #expect(delays == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    #expect(backoff.delay(afterRunning: Backoff.forgiven - 1) == 30_000)
    #expect(backoff.delay(afterRunning: Backoff.forgiven) == 500)
    #expect(backoff.delay(afterRunning: 0) == 1_000)
  }
}
