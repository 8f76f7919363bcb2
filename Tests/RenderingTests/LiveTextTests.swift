import Planning
import Rendering
import Testing
import WorkloadSpec

@Suite struct LiveTextTests {
  // MARK: Logs

  @Test func linesAreAligned() {
    let log = LogText(services: [(InstanceID(0), "api"), (InstanceID(0), "migrate")], style: TextStyle())
    #expect(log.line("up", of: "api", in: InstanceID(0)) == "0.api     | up\n")
    #expect(log.line("done", of: "migrate", in: InstanceID(0)) == "0.migrate | done\n")
    #expect(log.line("", of: "api", in: InstanceID(0)) == "0.api     |\n")
    #expect(log.line("x", of: "unexpected", in: InstanceID(10)) == "10.unexpected | x\n")
    #expect(
      log.line("a\tb \u{1B}[2J\r", of: "api", in: InstanceID(0), at: HistoryTests.moment(0))
        == "0.api     | 2026-11-21T01:47:00Z a\tb \\u{1B}[2J\\r\n")
  }

  @Test func anOriginKeepsItsColour() {
    func colour(_ service: String) -> Substring {
      LogText(services: [], style: TextStyle(colour: true)).line("x", of: service, in: InstanceID(0)).prefix {
        $0 != "m"
      }
    }
    #expect(colour("api") == "\u{1B}[92")
    #expect(Set(["api", "envoy", "logs", "db", "cache", "web"].map(colour)).count > 2)
  }

  // MARK: Progress

  private let text = ProgressText(style: TextStyle())
  private let restart = PlanFixture.action(.restart, 0, "api")

  @Test(arguments: [
    (Duration.milliseconds(340), "0.3s"), (.seconds(59.96), "59.9s"), (.seconds(80), "1m20s"),
    (.seconds(-1), "0.0s"),
  ])
  func anActionThatSucceeded(duration: Duration, expected: String) {
    #expect(text.succeeded(restart, after: duration) == "✓ restart api (instance 0)  \(expected)\n")
  }

  @Test func anActionOnItsWay() {
    #expect(text.started(restart) == "↻ restart api (instance 0) …\n")
    #expect(text.started(PlanFixture.action(.create, 2)) == "+ create instance 2 …\n")
    #expect(
      text.progress(restart, "waiting for\u{7} :8080")
        == "  restart api (instance 0): waiting for\\u{07} :8080\n")
  }

  @Test func anActionThatFailed() {
    #expect(
      text.failed(restart, "exited with code 1", logTail: ["panic: \u{1B}[31mno", "", "  at main"]) == """
        ✗ restart api (instance 0): exited with code 1
            | panic: \\u{1B}[31mno
            |
            |   at main

        """)
  }

  @Test func theEndOfARun() {
    var release = Release(
      number: 5, key: HistoryTests.key, snapshot: PlanFixture.workload([]),
      recordedAt: HistoryTests.moment(0),
      by: "ada", run: RunID("r"))
    #expect(text.recorded(release) == "✓ release 5 recorded\n")
    release.restoredFrom = 3
    #expect(text.recorded(release) == "✓ release 5 recorded, which restores release 3\n")
    release.snapshot = nil
    #expect(text.recorded(release) == "✓ release 5 recorded: the workload is destroyed\n")
    #expect(text.goingBack(to: 4) == "going back to release 4\n")
    #expect(text.goingBack(to: nil) == "taking away what was created\n")
    #expect(
      text.waiting(
        for: "ada@build-7, process 4711", since: HistoryTests.moment(0), now: HistoryTests.moment(3))
        == "waiting for the lock that ada@build-7, process 4711 holds for 3m\n")
  }
}
