import Planning
import Testing

@testable import Rendering

@Suite struct LiveLinesTests {
  @Test("Lines are drawn in place and text stays above") func linesAreDrawnInPlaceAndTextStaysAbove() {
    var (live, terminal) = (LiveLines(), TerminalModel(columns: 40, rows: 10))
    let size = TerminalSize(columns: 40, rows: 10)
    terminal.write("$ berth apply\n")
    terminal.write(live.draw(["a 1s", "b 1s"], size: size))
    terminal.write(live.draw(["a 2s", "b"], size: size))
    #expect(terminal.text == ["$ berth apply", "a 2s", "b", ""])
    terminal.write(live.draw(["b 3s"], above: "a is done\n", size: size))
    #expect(terminal.text == ["$ berth apply", "a is done", "b 3s", ""])
    terminal.write(live.draw([], size: size))
    #expect(terminal.text == ["$ berth apply", "a is done", ""])
    terminal.write(live.draw([], above: "end\n", size: size))
    #expect(terminal.text == ["$ berth apply", "a is done", "end", ""])
  }

  /// Whatever the size becomes at any moment, text that was written to stay is there, whole and in its order.
  @Test("Nothing is lost on a resize", arguments: [true, false], [(80, 24), (30, 5), (12, 3)])
  func nothingIsLostOnAResize(reflows: Bool, start: (columns: Int, rows: Int)) {
    var terminal = TerminalModel(columns: start.columns, rows: start.rows, reflows: reflows)
    var live = LiveLines()
    let widths = [start.columns, 10, 100, 25, 7, 40]
    var said: [String] = []
    for step in 0..<60 {
      if step % 5 == 4 { terminal.resize(columns: widths[step / 5 % widths.count]) }
      let size = TerminalSize(columns: terminal.columns, rows: start.rows)
      let lines = (0..<(step % 4)).map { "live \(step) \($0) waits for something that takes a while" }
      if step % 3 == 0 {
        said.append("s\(step).")
        terminal.write(live.draw(lines, above: "s\(step).\n", size: size))
      } else {
        terminal.write(live.draw(lines, size: size))
      }
    }
    let size = TerminalSize(columns: terminal.columns, rows: start.rows)
    terminal.write(live.draw([], size: size))
    #expect(terminal.text.filter { $0.hasPrefix("s") && $0.hasSuffix(".") } == said)
  }

  @Test("Lines never fill a row or the screen") func linesNeverFillARowOrTheScreen() {
    var (live, terminal) = (LiveLines(), TerminalModel(columns: 10, rows: 4))
    let lines = (0..<9).map { "\($0) 日本語日本語" }
    terminal.write(live.draw(lines, size: TerminalSize(columns: 10, rows: 4)))
    #expect(terminal.text == ["0 日本語…", "1 日本語…", "2 日本語…", ""])
  }

  @Test(
    "Text is clipped by columns",
    arguments: [
      ("plain", 5, "plain"), ("plain", 4, "pla…"), ("plain", 1, "…"), ("plain", 0, ""), ("日本", 4, "日本"),
      ("日本", 3, "日…"), ("日本", 2, "…"), ("\u{1B}[1mbold\u{1B}[0m", 4, "\u{1B}[1mbold\u{1B}[0m"),
      ("\u{1B}[1mbold\u{1B}[0m", 3, "\u{1B}[1mbo…\u{1B}[0m"), ("e\u{301}te\u{301}", 2, "e\u{301}…"),
    ])
  func textIsClippedByColumns(text: String, width: Int, expected: String) {
    #expect(text.clipped(to: width) == expected)
  }

  @Test("A page fills the screen and counts what is hidden") func aPageFillsTheScreenAndCountsWhatIsHidden() {
    var terminal = TerminalModel(columns: 20, rows: 3)
    terminal.write(LiveLines.page("one\ntwo\nthree\n", size: TerminalSize(columns: 20, rows: 3)))
    #expect(terminal.text == ["one", "two", "three"])
    terminal.write(LiveLines.page("1\n2\n3\n4\n", size: TerminalSize(columns: 20, rows: 3)))
    #expect(terminal.text == ["1", "2", "… 2 more lines"])
    terminal.write(LiveLines.page("short\n", size: TerminalSize(columns: 20, rows: 3)))
    #expect(terminal.text == ["short"])
  }

  // MARK: What is under way

  private let create = PlanFixture.action(.create, 0, "api")
  private let envoy = PlanFixture.action(.start, 0, "envoy", after: ["create 0.api"])

  @Test("The board says what runs and what waits for what") func theBoardSaysWhatRunsAndWhatWaitsForWhat() {
    var board = ProgressBoard(style: TextStyle())
    let others = (1..<5).map { PlanFixture.action(.restart, $0, "api") }
    board.expect([create, envoy] + others + [PlanFixture.record], of: "shop")
    #expect(board.lines(at: .zero) == [])
    board.start(create, of: "shop", at: .seconds(1))
    board.start(others[0], of: "shop", at: .seconds(70))
    board.report(create, of: "shop", "GET /healthz\u{7} answered 503")
    #expect(
      board.lines(at: .seconds(82)) == [
        "+ create api (instance 0)   1m21s  GET /healthz\\u{07} answered 503",
        "↻ restart api (instance 1)  12s",
        "  start envoy (instance 0)  waits for create api (instance 0)",
        "  restart api (instance 2)  waits for its turn",
        "  restart api (instance 3)  waits for its turn",
        "  … 1 more action waits",
        "0 of 6 actions done, 1m21s",
      ])
    board.finish(create, of: "shop")
    #expect(board.lines(at: .seconds(83)).contains("  start envoy (instance 0)  waits for its turn"))
    board.finish(others[0], of: "shop", hasFailed: true)
    #expect(board.lines(at: .seconds(84)) == [])
  }

  @Test("After a failure nothing waits") func afterAFailureNothingWaits() {
    var board = ProgressBoard(style: TextStyle())
    let other = PlanFixture.action(.restart, 1, "api")
    board.expect([create, other, envoy], of: "shop")
    board.start(create, of: "shop", at: .zero)
    board.start(other, of: "shop", at: .zero)
    board.finish(other, of: "shop", hasFailed: true)
    #expect(
      board.lines(at: .seconds(1)) == ["+ create api (instance 0)  1s", "0 of 3 actions done, 1s"])
    board.expect([], of: "shop")
    #expect(board.lines(at: .seconds(1)) == [])
  }

  @Test("Of several workloads each line names one") func ofSeveralWorkloadsEachLineNamesOne() {
    var board = ProgressBoard(style: TextStyle(), isNamed: true)
    board.expect([create], of: "db")
    board.expect([create, envoy], of: "web")
    board.start(create, of: "db", at: .zero)
    board.start(create, of: "web", at: .seconds(1))
    #expect(
      board.lines(at: .seconds(2)) == [
        "+ db: create api (instance 0)    2s", "+ web: create api (instance 0)   1s",
        "  web: start envoy (instance 0)  waits for create api (instance 0)", "0 of 3 actions done, 2s",
      ])
    board.finish(create, of: "db")
    board.end("db")
    #expect(board.lines(at: .seconds(2)).last == "1 of 3 actions done, 2s")
    // A failure of one is none of the other's.
    board.finish(create, of: "web", hasFailed: true)
    #expect(board.lines(at: .seconds(3)) == [])
  }
}
