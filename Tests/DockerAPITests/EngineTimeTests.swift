import DockerAPI
import Testing

@Suite struct EngineTimeTests {
  @Test(
    "Reads what engines send",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0),
      ("2026-11-21T02:47:00.123456789Z", 1_795_229_220, 123_456_789),
      ("2026-11-21T02:47:00.5Z", 1_795_229_220, 500_000_000),
      ("2026-11-21T03:47:00+01:00", 1_795_229_220, 0),
      ("2026-11-20T21:17:00.25-05:30", 1_795_229_220, 250_000_000),
      ("2000-02-29T23:59:59Z", 951_868_799, 0),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ])
  func readsWhatEnginesSend(_ text: String, seconds: Int64, nanoseconds: Int) {
    #expect(EngineTime(text) == EngineTime(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test(
    "Refuses what is no time",
    arguments: [
      "", "now", "2026-11-21", "2026-11-21 02:47:00Z", "2026-11-21T02:47:00", "2026-13-21T02:47:00Z",
      "2026-11-21T02:47:00.Z", "2026-11-21T02:47:00.1234567890Z", "2026-11-21T24:47:00Z",
      "2026-11-21T02:47:00Z ",
      "2026-11-21T02:47:00+1:00",
    ])
  func refusesWhatIsNoTime(_ text: String) { #expect(EngineTime(text) == nil) }

  @Test("Is sent with all digits") func isSentWithAllDigits() {
    #expect("\(EngineTime(seconds: 12, nanoseconds: 34))" == "12.000000034")
    #expect(EngineTime("0001-01-01T00:00:00Z") == .never)
  }
}
