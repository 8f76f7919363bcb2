import Testing
import Values

@testable import KubernetesAPI

@Suite struct ServerTimeTests {
  @Test(
    "A time is read and written",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-21T02:47:00Z", 1_795_229_220, 0),
      ("2024-02-29T23:59:59.5Z", 1_709_251_199, 500_000_000),
      ("2026-11-21T02:47:00.123456789Z", 1_795_229_220, 123_456_789),
      ("1969-12-31T23:59:59Z", -1, 0), ("2000-03-01T00:00:00Z", 951_868_800, 0),
    ])
  func aTimeIsReadAndWritten(_ text: String, _ seconds: Int64, _ nanoseconds: Int) throws {
    let time = try #require(ServerTime(text))
    #expect(time == ServerTime(seconds: seconds, nanoseconds: nanoseconds))
    #expect(ServerTime(time.description) == time)
    if nanoseconds == 0 { #expect(time.description == text) }
  }

  @Test("An offset is heeded") func anOffsetIsHeeded() {
    #expect(ServerTime("2026-11-21T04:47:00+02:00") == ServerTime("2026-11-21T02:47:00Z"))
    #expect(ServerTime("2026-11-20T23:17:00-03:30") == ServerTime("2026-11-21T02:47:00Z"))
  }

  @Test("The date of an answer is read") func theDateOfAnAnswerIsRead() {
    #expect(ServerTime(httpDate: "Sat, 21 Nov 2026 02:47:00 GMT") == ServerTime("2026-11-21T02:47:00Z"))
    for text in ["", "Sat, 21 Nov 2026 02:47:00", "Sat, 21 Foo 2026 02:47:00 GMT", "2026-11-21T02:47:00Z"] {
      #expect(ServerTime(httpDate: text) == nil)
    }
  }

  @Test(
    "What is no time is none",
    arguments: [
      "", "2026-11-21", "2026-13-21T00:00:00Z", "2026-11-21T02:47:00", "2026-11-21T02:47:00.Z",
      "x2026-11-21T02:47:00Z",
    ])
  func whatIsNoTimeIsNone(_ text: String) { #expect(ServerTime(text) == nil) }
}
