import HealthChecks
import Testing

@Suite struct ReadinessTests {
  @Test("It is said how a service ended before it was ready, and how often if more than once")
  func whatIsSaidOfAServiceThatEnds() {
    #expect(Readiness.hopeless("exited with code 1") == "exited with code 1 before it was ready")
    #expect(Readiness.hopeless("ended", times: 3) == "ended before it was ready, 3 times")
  }
}
