import HealthChecks
import Testing

@Suite struct HTTPStatusesTests {
  @Test(
    "A status is a success if it is stated, or from 200 to 399 where none is",
    arguments: [
      (200, [], true), (399, [], true), (199, [], false), (400, [], false),
      (204, ["204"], true), (200, ["204"], false), (404, ["204", "400-404"], true),
      (405, ["204", "400-404"], false),
    ] as [(Int, [String], Bool)])
  func aStatusIsASuccess(code: Int, stated: [String], expected: Bool) {
    #expect(HTTPStatuses.accept(code, stated: stated) == expected)
  }

  @Test(
    "What names no statuses is not read as some",
    arguments: ["", "99", "600", "300-200", "2xx", "200-", "200-300-400"])
  func whatIsNoRangeIsNone(text: String) {
    #expect(HTTPStatuses.range(text) == nil)
  }
}
