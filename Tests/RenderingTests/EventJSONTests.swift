import Planning
import Rendering
import Testing
import Values

@Suite struct EventJSONTests {
  private let events = EventJSON(WorkloadKey(namespace: "tills", name: "shop"), target: "prod")
  private let restart = PlanFixture.action(.restart, 0, "api")
  private let at = HistoryTests.moment(0)
  private let common =
    #"{"version":1,"event":"NAME","at":"2026-11-21T01:47:00Z","target":"prod","namespace":"tills","workload":"shop","#
  private let action =
    #""action":"restart 0.api","kind":"restart","subject":{"type":"service","instance":"0","service":"api","volume":null,"ordinal":null}"#

  private func line(_ name: String, _ rest: String) -> String {
    common.replacing("NAME", with: name) + rest + "}\n"
  }

  @Test("An action") func anAction() {
    #expect(events.started(restart, at: at) == line("started", action))
    #expect(
      events.progress(restart, "GET / is 503", at: at)
        == line("progress", action + #","message":"GET / is 503""#))
    #expect(
      events.succeeded(restart, after: .milliseconds(1234), at: at)
        == line("succeeded", action + #","milliseconds":1234"#))
    #expect(
      events.failed(restart, "it ended", logTail: ["a\nb", "\u{1B}[2J"], at: at)
        == line("failed", action + #","message":"it ended","log":["a\nb","\u001B[2J"]"#))
  }

  @Test("The run") func theRun() throws {
    let planned = events.planned(PlanFixture.rich, at: at)
    #expect(try Value(json: planned)["plan"] == PlanJSON.value(PlanFixture.rich))
    #expect(planned.filter(\.isNewline).count == 1)
    #expect(
      events.waiting(for: "ada@build-7", since: at, at: at)
        == line("waiting", #""holder":"ada@build-7","since":"2026-11-21T01:47:00Z","dependencies":null"#))
    #expect(
      events.waiting(for: [WorkloadKey(name: "cache"), WorkloadKey(name: "db")], at: at)
        == line("waiting", #""holder":null,"since":null,"dependencies":["cache","db"]"#))
    let release = Release(
      number: 5, key: HistoryTests.key, snapshot: nil, recordedAt: at, by: "ada", run: RunID("r"))
    #expect(
      events.recorded(release, at: at)
        == line("recorded", #""release":5,"restoredFrom":null,"destroyed":true"#))
    #expect(events.goingBack(to: nil, at: at) == line("goingBack", #""release":null"#))
  }

  @Test("The end") func theEnd() {
    var end = WorkloadEnd(HistoryTests.key, .failed, duration: .seconds(2))
    (end.run, end.wentBack) = (RunID("r1"), true)
    end.failures = [(ActionID("create 0.api"), "it ended")]
    end.notStarted = [ActionID("create 0.envoy")]
    #expect(
      events.finished(end, exit: 1, at: at)
        == line(
          "finished",
          #""outcome":"failed","exit":1,"run":"r1","release":null,"milliseconds":2000,"#
            + #""failures":[{"action":"create 0.api","message":"it ended"}],"#
            + #""notStarted":["create 0.envoy"],"because":null,"wentBack":true,"diagnostics":[]"#))
  }

  @Test("The table of ends") func theTableOfEnds() {
    var ends = [
      WorkloadEnd(WorkloadKey(name: "shop"), .succeeded, duration: .seconds(80)),
      WorkloadEnd(WorkloadKey(name: "till"), .unchanged), WorkloadEnd(WorkloadKey(name: "web"), .notBegun),
    ]
    ends[0].release = 12
    #expect(
      WorkloadEndTable.render(ends, style: TextStyle()) == """
        WORKLOAD  OUTCOME    RELEASE  DURATION
        shop      succeeded  12       1m20s
        till      unchanged           0.0s
        web       not begun

        """)
  }

  @Test("What is not started names the cause") func whatIsNotStartedNamesTheCause() {
    var end = WorkloadEnd(HistoryTests.key, .notStarted)
    let cause = WorkloadKey(name: "db")
    for (outcome, words) in [
      (WorkloadEnd.Outcome.failed, "db failed"), (.refused, "db was refused"),
      (.interrupted, "db was interrupted"), (.declined, "db was declined"),
    ] {
      end.cause = (cause, outcome)
      #expect(end.words == "not started: \(words)")
    }
    let json = events.finished(end, exit: 1, at: at)
    #expect(json.contains(#""outcome":"not-started""#) && json.contains(#""because":"db""#))
    #expect(WorkloadEndTable.render([end], style: TextStyle()).contains("not started: db was declined"))
  }
}
