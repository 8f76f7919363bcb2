import Foundation
import Testing
import Values

/// What a person sees on a terminal.
@Suite struct TerminalTests {
  let sandbox: Sandbox
  let terminal: PseudoTerminal
  let file: String

  init() throws {
    sandbox = try Sandbox()
    sandbox.environment = ["TERM": "xterm-256color", "NO_COLOR": ""]
    terminal = try PseudoTerminal(columns: 100, rows: 30)
    file = try sandbox.write(
      "workload.yaml",
      """
      name: shop
      services:
        - name: slow
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          healthCheck: {command: [test, -e, \(sandbox.folder)/ready], interval: 100ms}
          stopGrace: 1s
        - name: helper
          role: sidecar
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          stopGrace: 1s
      """)
  }

  /// The text with nothing in it that moves the cursor or colours anything.
  func plain(_ text: String) -> String {
    text.replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "").replacing("\r\n", with: "\n").replacing(
      "\r", with: "")
  }

  @Test("Progress is drawn in place and survives a resize") func progressIsDrawnInPlaceAndSurvivesAResize()
    throws
  {
    let process = try sandbox.start(["apply", "-f", file, "--yes"], on: terminal)
    // What is under way, with the health check's last answer, and what waits for it.
    #expect(eventually { plain(terminal.text).contains("exited with code 1") }, "\(terminal.text)")
    #expect(eventually { plain(terminal.text).contains("waits for create slow (instance 0)") })
    #expect(eventually { plain(terminal.text).contains("1 of 3 actions done") })
    terminal.resize(columns: 20, rows: 10)
    #expect(eventually { plain(terminal.text).contains("+ create slow (ins…\n") }, "\(terminal.text)")
    terminal.resize(columns: 120, rows: 40)
    try sandbox.write("ready", "")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(eventually { terminal.text.contains("release 1 recorded") })
    let lines = plain(terminal.text).split(separator: "\n")
    for line in ["✓ create instance 0", "✓ create slow", "✓ create helper", "✓ release 1 recorded"] {
      #expect(lines.count { $0.contains(line) } == 1, "\(line): \(terminal.text)")
    }
    // What is over is said once, and nothing of what was under way stays.
    #expect(!lines.contains { $0.hasSuffix(" …") })
    #expect(lines.last?.contains("release 1 recorded") == true)
  }

  @Test("A dumb terminal gets plain lines") func aDumbTerminalGetsPlainLines() throws {
    sandbox.environment["TERM"] = "dumb"
    try sandbox.write("ready", "")
    let process = try sandbox.start(["apply", "-f", file, "--yes"], on: terminal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(eventually { terminal.text.contains("release 1 recorded") })
    #expect(!terminal.text.contains("\u{1B}"))
    #expect(terminal.text.contains("+ create slow (instance 0) …"))
  }

  @Test("Without colours lines are still drawn in place") func withoutColoursLinesAreStillDrawnInPlace()
    throws
  {
    sandbox.environment["NO_COLOR"] = "1"
    let process = try sandbox.start(["apply", "-f", file, "--yes"], on: terminal)
    #expect(eventually { terminal.text.contains("1 of 3 actions done") })
    try sandbox.write("ready", "")
    process.waitUntilExit()
    #expect(!terminal.text.contains(/\u{1B}\[[0-9;]*m/))
  }

  @Test("A question is answered and an interrupt is told above the lines")
  func aQuestionIsAnsweredAndAnInterruptIsToldAboveTheLines() throws {
    let process = try sandbox.start(["apply", "-f", file], on: terminal)
    #expect(eventually { terminal.text.contains("Apply? [y/N] ") })
    terminal.type("y\n")
    #expect(eventually { plain(terminal.text).contains("waits for create slow") })
    kill(process.processIdentifier, SIGTERM)
    #expect(eventually { terminal.text.contains("Another interrupt stops at once.") })
    try sandbox.write("ready", "")
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    #expect(eventually { plain(terminal.text).contains("✓ create slow") })
    #expect(eventually { plain(terminal.text).contains("Not started: create 0.helper") }, "\(terminal.text)")
  }

  @Test(
    "A signal at the question is an answer: nothing is done",
    arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aSignalAtTheQuestionIsAnAnswer(signal: Int32, status: Int32) throws {
    let process = try sandbox.start(["apply", "-f", file], on: terminal)
    #expect(eventually { terminal.text.contains("Apply? [y/N] ") })
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == status)
    #expect(eventually { terminal.text.contains("Nothing was done.") }, "\(terminal.text)")
    #expect(try sandbox.berth("status", "shop").errors.contains("E0708"))
  }

  // MARK: Watching

  @Test("A watched status is drawn on a page of its own") func aWatchedStatusIsDrawnOnAPageOfItsOwn() throws {
    try sandbox.write("ready", "")
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    let process = try sandbox.start(["status", "shop", "--watch", "--interval", "100ms"], on: terminal)
    #expect(eventually { plain(terminal.text).contains("running, 1 of 1 instance ready") })
    terminal.resize(columns: 30, rows: 4)
    #expect(eventually { terminal.text.contains("more lines") }, "\(terminal.text)")
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    // What was there before comes back, and the last look stays below it.
    #expect(
      eventually {
        let end = terminal.text.split(separator: "\u{1B}[?1049l").last ?? ""
        return plain(String(end)).contains("helper")
      }, "\(terminal.text)")
    #expect(eventually { terminal.text.contains("\u{1B}[?1049h") && terminal.text.contains("\u{1B}[?25h") })
  }

  @Test("A watched status is a line for each change") func aWatchedStatusIsALineForEachChange() throws {
    try sandbox.write("ready", "")
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    let process = try sandbox.start(
      ["status", "shop", "--watch", "--interval", "50ms", "--format", "json"], transcript: "json")
    let log = try sandbox.start(["status", "shop", "--watch", "--interval", "50ms"], transcript: "log")
    func states() -> [String] {
      (sandbox.contents("json") ?? "").split(separator: "\n").compactMap {
        try? Value(json: String($0))["instances"]?.list?.first?["services"]?.list?.first {
          $0["name"] == "helper"
        }?["state"]?.string
      }
    }
    #expect(eventually { states() == ["running"] && sandbox.contents("log")?.contains("helper") == true })
    #expect(try sandbox.berth("stop", "shop", "--service", "helper").status == 0)
    #expect(eventually { states().last == "stopped" })
    #expect(eventually { sandbox.contents("log")?.contains("stopped until it is started: helper") == true })
    for process in [process, log] {
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }
    let lines = (sandbox.contents("json") ?? "").split(separator: "\n")
    #expect(Set(lines).count == lines.count)
    let times = (sandbox.contents("log") ?? "").split(separator: "\n").filter {
      $0.wholeMatch(of: /\d{4}-\d\d-\d\dT[0-9:.]+Z/) != nil
    }
    #expect(times.count >= 2 && sandbox.contents("log")?.contains("\u{1B}") == false)
  }

  @Test("A mistake in the interval is told") func aMistakeInTheIntervalIsTold() throws {
    for interval in ["2", "0s", "soon"] {
      let result = try sandbox.berth("status", "shop", "--watch", "--interval", interval)
      #expect(result.status == 64 && result.errors.contains("for --interval: expected a length of time"))
    }
    #expect(try sandbox.berth("status", "absent", "--watch").errors.contains("there is no workload"))
  }
}
