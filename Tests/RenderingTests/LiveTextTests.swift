import Planning
import Rendering
import Testing
import Values

@Suite struct LiveTextTests {
  // MARK: Logs

  /// What is printed of lines from `0.api`, unless they come from elsewhere.
  private func printed(
    _ lines: [(text: String, service: String)], form: LogText.Form = .safe, at: Timestamp? = nil
  ) -> String {
    var log = LogText(
      services: [(InstanceID(0), "api"), (InstanceID(0), "migrate")], style: TextStyle(), form: form)
    var bytes: [UInt8] = []
    for line in lines {
      bytes += log.add(Array(line.text.utf8), from: LogOrigin(InstanceID(0), line.service), at: at)
    }
    return String(decoding: bytes + log.finish(), as: UTF8.self)
  }

  @Test("Lines are aligned") func linesAreAligned() {
    #expect(
      printed([("up", "api"), ("done", "migrate"), ("", "api"), ("x", "unexpected")]) == """
        0.api     | up
        0.migrate | done
        0.api     |\u{20}
        0.unexpected | x

        """)
    #expect(
      printed([("a\tb \u{1B}[2J\r", "api")], at: HistoryTests.moment(0))
        == "0.api     | 2026-11-21T01:47:00Z a\tb \\u{1B}[2J\n")
  }

  @Test("On a terminal, what it would obey and what is no UTF-8 is shown; a program gets every byte")
  func bytesAreShownOrPassedOn() {
    let bytes: [UInt8] = [0x1B, 0x5B, 0x6D, 0xE9, 0x00, 0x0D, 0x78, 0xE2, 0x82, 0x20, 0xC3, 0xA9, 0x20, 0x0D]
    var safe = LogText(services: [], style: TextStyle())
    let shown = safe.add(bytes, from: LogOrigin(InstanceID(0), "api"))
    #expect(String(decoding: shown, as: UTF8.self) == #"0.api | \u{1B}[m\xE9\u{00}\rx\xE2\x82 é "# + "\n")
    var exact = LogText(services: [], style: TextStyle(), form: .exact)
    #expect(exact.add(bytes, from: LogOrigin(InstanceID(0), "api")) == Array("0.api | ".utf8) + bytes + [10])
  }

  @Test(
    "The parts of a line stand behind each other, and a mark stands where another line comes between them")
  func partsAreOneLine() {
    var log = LogText(services: [], style: TextStyle(), form: .exact)
    func add(_ text: String, _ service: String, isError: Bool = false, goesOn: Bool) -> String {
      let origin = LogOrigin(InstanceID(0), service, isError: isError)
      return String(decoding: log.add(Array(text.utf8), from: origin, goesOn: goesOn), as: UTF8.self)
    }
    #expect(add("one ", "api", goesOn: true) == "0.api | one ")
    #expect(add("line", "api", goesOn: true) == "line")
    #expect(add("", "api", goesOn: false) == "\n")
    #expect(add("begun", "api", goesOn: true) == "0.api | begun")
    #expect(add("other", "db", goesOn: false) == "…\n0.db | other\n")
    #expect(add("error", "api", isError: true, goesOn: false) == "0.api | error\n")
    #expect(add(" on", "api", goesOn: true) == "0.api | … on")
    #expect(log.finish() == [10])
    #expect(log.finish() == [])
  }

  @Test("A line is JSON with its text, or with its bytes if it has none")
  func linesAreObjects() throws {
    let origin = LogOrigin(InstanceID(1), "api", isError: true)
    func value(_ bytes: [UInt8], goesOn: Bool = false) throws -> Value {
      try Value(json: LogJSON.line(bytes, from: origin, at: HistoryTests.moment(0), goesOn: goesOn))
    }
    #expect(
      try value(Array("a\u{1B}\"é\r".utf8), goesOn: true) == [
        "instance": "1", "service": "api", "at": "2026-11-21T01:47:00Z", "stream": "stderr",
        "text": "a\u{1B}\"é\r", "bytes": .null, "goesOn": true,
      ])
    let latin = try value([0x6C, 0xE9])
    #expect(latin["text"] == .null && latin["bytes"] == "bOk=")
  }

  @Test("An origin keeps its colour") func anOriginKeepsItsColour() {
    func colour(_ service: String) -> Substring {
      var log = LogText(services: [], style: TextStyle(colour: true))
      return String(decoding: log.add([0x78], from: LogOrigin(InstanceID(0), service)), as: UTF8.self)
        .prefix { $0 != "m" }
    }
    #expect(colour("api") == "\u{1B}[92")
    #expect(Set(["api", "envoy", "logs", "db", "cache", "web"].map(colour)).count > 2)
  }

  // MARK: Progress

  private let text = ProgressText(style: TextStyle())
  private let restart = PlanFixture.action(.restart, 0, "api")

  @Test(
    "An action that succeeded",
    arguments: [
      (Duration.milliseconds(340), "0.3s"), (.seconds(59.96), "59.9s"), (.seconds(80), "1m20s"),
      (.seconds(-1), "0.0s"),
    ])
  func anActionThatSucceeded(duration: Duration, expected: String) {
    #expect(text.succeeded(restart, after: duration) == "✓ restart api (instance 0)  \(expected)\n")
  }

  @Test("An action on its way") func anActionOnItsWay() {
    #expect(text.started(restart) == "↻ restart api (instance 0) …\n")
    #expect(text.started(PlanFixture.action(.create, 2)) == "+ create instance 2 …\n")
    #expect(
      text.progress(restart, "waiting for\u{7} :8080")
        == "  restart api (instance 0): waiting for\\u{07} :8080\n")
  }

  @Test("An action that failed") func anActionThatFailed() {
    #expect(
      text.failed(restart, "exited with code 1", logTail: ["panic: \u{1B}[31mno", "", "  at main"]) == """
        ✗ restart api (instance 0): exited with code 1
            | panic: \\u{1B}[31mno
            |
            |   at main

        """)
  }

  @Test("The end of a run") func theEndOfARun() {
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
    #expect(text.goingBack(to: nil) == "deleting what this run created\n")
    #expect(
      text.waiting(
        for: "ada@build-7, process 4711", since: HistoryTests.moment(0), now: HistoryTests.moment(3))
        == "waiting for the lock that ada@build-7, process 4711 holds for 3m\n")
  }
}
