import Diagnostics
import Planning
import Rendering
import Testing
import Values
import WorkloadSpec

/// What berth writes to the log of a pipeline's job, as the runners of CI systems read it.
@Suite struct PipelineLogTests {
  /// The commands of GitHub's runner in a text: a line that begins with `::NAME…::` behind white space, and `##[NAME…]` anywhere.
  private static func commands(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      // The runner compares as .NET does by default: what has no width counts as nothing.
      let visible = String(
        String.UnicodeScalarView(line.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }))
      if let found = visible.drop(while: \.isWhitespace).prefixMatch(of: /::([^:]*)::/) {
        return String(found.1)
      }
      return visible.firstMatch(of: /##\[([^\]]*)\]/).map { String($0.1) }
        ?? visible.firstMatch(of: /##vso\[([^\]]*)\]/.ignoresCase()).map { String($0.1) }
    }
  }

  private static let hostile = [
    "::set-output name=a::b", "  \t::stop-commands::x", "\u{A0}::add-mask::a", "\u{200D}::group::a",
    ":\u{200D}:error::a",
    "text ##[add-matcher]file", "####[group]a", "#\u{200D}#[error]a", "##vso[task.setvariable variable=a]b",
    "##VSO[task.complete]", "a\n::debug::b", "a\r::debug::b",
  ]

  @Test("No text from outside is a command", arguments: hostile)
  func guarded(_ text: String) {
    #expect(!Self.commands(text).isEmpty)
    #expect(Self.commands(PipelineText.guarded(text)).isEmpty, "\(PipelineText.guarded(text))")
  }

  @Test("In JSON the value stays the same")
  func json() throws {
    for text in Self.hostile {
      let value = Value.map([.init(text, .list([.string(text)]))])
      let guarded = PipelineText.guarded(CanonicalJSON.pretty(value))
      #expect(Self.commands(guarded).isEmpty)
      #expect(try Value(json: guarded) == value)
    }
  }

  @Test(
    "What is no command stays as it is",
    arguments: ["a::b", "### Plan: `shop`", "# [x]", "12:30", ": :", "a ## b [c]", "[::1] is ::1"])
  func harmless(_ text: String) { #expect(PipelineText.guarded(text) == text) }

  @Test("A command that comes in parts is none either")
  func parts() {
    var text = PipelineText()
    let whole = ["0.api | ##", "[add-matcher]x\n:", ":debug::x\n"].map { text.guarded($0) }.joined()
    #expect(Self.commands(whole).isEmpty, "\(whole)")
  }

  private static func plan(_ name: String, _ value: String) -> Plan {
    PlanFixture.plan(
      [
        PlanFixture.action(
          .restart, 0, "api",
          [
            PlanFixture.change(
              "content", .value(.string("a\n\(value)\nb\n")), .value(.string("a\n\(value)\nc\n")))
          ],
          interrupts: true)
      ], name: name)
  }

  private static func log(_ log: PipelineLog, _ plans: [Plan]) -> String {
    PlanListLog.render(plans, style: TextStyle(), in: log, at: Timestamp(milliseconds: 1_700_000_000_123))
  }

  @Test("Of several plans each is folded behind what it does", arguments: ["::endgroup::", "##[endgroup]"])
  func github(_ text: String) {
    let log = Self.log(.github, [Self.plan("db", text), Self.plan("web", text)])
    #expect(Self.commands(log) == ["group", "endgroup", "group", "endgroup"], "\(log)")
    #expect(log.hasPrefix("::group::db: 1 to restart. Interrupts: api (instance 0).\nPlan for db on local"))
    #expect(log.hasSuffix("::endgroup::\n\n2 workloads change: 2 to restart.\nInterrupts db/api, web/api.\n"))
  }

  @Test("GitLab's sections have names and times of their own, and nothing in a text ends them")
  func gitlab() throws {
    let end = "\u{1B}[0Ksection_end:1:berth_1700000000123_0\r\u{1B}[0K"
    let log = Self.log(.gitlab, [Self.plan("db", end), Self.plan("web", end)])
    let markers = log.matches(
      of: /\x1B\[0Ksection_(start|end):([0-9]+):([A-Za-z0-9_.-]+)(\[[^\]]*\])?\r\x1B\[0K/)
    #expect(
      markers.map { "\($0.1) \($0.3)" }
        == ["start", "end", "start", "end"].enumerated().map { "\($1) berth_1700000000123_\($0 / 2)" })
    #expect(markers.allSatisfy { $0.2 == "1700000000" })
    #expect(log.unicodeScalars.count { $0 == "\u{1B}" } == 2 * markers.count)
    #expect(log.contains("[collapsed=true]\r\u{1B}[0Kdb: 1 to restart. Interrupts: api (instance 0).\n"))
  }

  @Test("A single plan stands open, and a log that folds nothing has every plan open")
  func open() {
    #expect(
      !Self.log(.github, [Self.plan("db", "x"), PlanFixture.plan([], name: "a")]).contains("::group::"))
    #expect(!Self.log(.plain, [Self.plan("db", "x"), Self.plan("web", "x")]).contains("::"))
  }

  @Test("Problems are noted at the lines of the repository's files, and nothing in them is another command")
  func notes() {
    let file = SourceFile(name: "w.yaml", text: "name: a\n")
    let diagnostics = Diagnostics([
      Diagnostic(.badName, "x\n::set-env::y", at: SourceLocation(file: file, line: 2, column: 1))
    ])
    let notes = PipelineLog.github.notes(on: diagnostics) { "deploy/\($0)" }
    #expect(notes == "::error file=deploy/w.yaml,line=2,col=1,endColumn=2,title=E0301::x%0A::set-env::y\n")
    #expect(PipelineLog.gitlab.notes(on: diagnostics) { $0 }.isEmpty)
    let failed = PipelineLog.github.note(
      on: PlanFixture.action(.restart, 0, "api"), of: "shop", failed: "no\n::warning::a")
    #expect(failed == "::error title=shop%3A restart api (instance 0)::no%0A::warning::a\n")
  }

  @Test("A system is known by the variables that it sets")
  func systems() {
    #expect(PipelineLog(["GITHUB_ACTIONS": "true"], isPipeline: true) == .github)
    #expect(PipelineLog(["GITLAB_CI": "true"], isPipeline: true) == .gitlab)
    #expect(PipelineLog(["TF_BUILD": "True"], isPipeline: true) == .plain)
    #expect(PipelineLog(["GITHUB_ACTIONS": ""], isPipeline: false) == nil)
  }

  @Test("The summary of a run has what became of each workload, above the plans")
  func summary() {
    var end = WorkloadEnd(WorkloadKey(name: "db"), .succeeded, duration: .seconds(3))
    end.release = 5
    var later = WorkloadEnd(WorkloadKey(name: "web"), .notStarted)
    later.cause = (WorkloadKey(name: "db"), .failed)
    let text = JobSummary.render([end, later], of: [Self.plan("db", "x")])
    #expect(
      text.contains("| `db` | succeeded | release 5 | 3.0s |\n| `web` | not started: db failed |  |  |"))
    #expect(text.contains("### Plan: `db`"))
  }
}
