import Engine
import Planning
import Testing
import Values

@Suite struct EnvironmentTests {
  let live = EngineEnvironment.live

  @Test("Runs are named after the moment and never alike") func runsAreNamedAfterTheMomentAndNeverAlike() {
    let moment = Timestamp(milliseconds: 1_795_229_220_000)
    let names = (0..<50).map { _ in live.makeRunID(moment).description }
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(name.hasPrefix("20261121t024700z-"))
      #expect(name.allSatisfy { $0.isASCII && ($0.isNumber || $0.isLowercase || $0 == "-") })
    }
    #expect(live.makeRunID(moment) < live.makeRunID(moment + .seconds(1)))
    #expect(live.makeToken() != live.makeToken())
  }

  @Test("Who runs it is known") func whoRunsItIsKnown() {
    let parts = live.user.split(separator: "@")
    #expect(parts.count == 2)
    #expect(live.processID > 0)
  }

  @Test("The clock goes forward") func theClockGoesForward() async throws {
    let before = live.uptime()
    try await live.sleep(.milliseconds(2))
    #expect(live.uptime() - before >= .milliseconds(2))
    #expect(live.now() > Timestamp(milliseconds: 1_700_000_000_000))
  }
}
