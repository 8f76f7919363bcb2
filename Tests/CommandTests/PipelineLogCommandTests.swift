import Foundation
import Testing

/// What commands write where they run as the job of a pipeline.
@Suite struct PipelineLogCommandTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    sandbox.environment = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": sandbox.folder + "/summary.md"]
  }

  private static func spec(_ name: String, _ level: String, needs: String = "") -> String {
    """
    name: \(name)
    \(needs)
    strategy: {type: recreate}
    services:
      - name: api
        command: [sleep, '86400']
        stopGrace: 1s
        env: {LEVEL: "\(level)"}
        configFiles: [{name: app, path: /etc/app.conf, content: "::set-output name=a::b\\n\(level)\\n"}]

    """
  }

  /// Runs the program with its streams in a pipe, as a runner has them.
  private func berth(_ arguments: String..., environment: [String: String] = [:]) throws -> Sandbox.Result {
    let before = sandbox.environment
    defer { sandbox.environment = before }
    sandbox.environment.merge(environment) { $1 }
    let words = ([Sandbox.program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    return try sandbox.shell("bash -c \"set -o pipefail; { \(words) 2>&3 | cat; } 3>&1 | cat\"")
  }

  /// Whether a runner would obey a line.
  private func commands(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.drop(while: \.isWhitespace).prefixMatch(of: /::([a-z-]+)[^:]*::/).map { String($0.1) }
    }
  }

  private func write(_ level: String) throws {
    try sandbox.write(
      "w.yaml",
      Self.spec("db", level) + "---\n" + Self.spec("web", level, needs: "dependsOn: [db]"))
  }

  @Test("Plans are folded and summed up") func plansAreFoldedAndSummedUp() throws {
    try write("one")
    #expect(try berth("apply", "-f", "w.yaml").status == 0)
    unlink(sandbox.folder + "/summary.md")
    try write("two")
    let plan = try berth("plan", "-f", "w.yaml")
    #expect(plan.status == 0)
    #expect(
      commands(plan.output) == ["group", "endgroup", "group", "endgroup"], "\(plan.output)")
    #expect(
      plan.output.contains(
        "\n2 workloads change: 2 to restart.\nInterrupts db/api, web/api.\nOrder: db before web.\n"))
    let summary = try #require(sandbox.contents("summary.md"))
    #expect(summary.contains("**2 workloads change: 2 to restart**"))
    #expect(summary.contains("berth apply -f w.yaml --expect "))
    // A file is no log: what is in it is the text alone.
    let file = try sandbox.berth("plan", "-f", "w.yaml")
    #expect(file.status == 0 && commands(file.output).allSatisfy { $0 == "set-output" }, "\(file.output)")
    #expect(sandbox.contents("summary.md") == summary + summary)
    let json = try berth("plan", "-f", "w.yaml", "--format", "json")
    #expect(json.status == 0 && commands(json.output).isEmpty)
    #expect(sandbox.contents("summary.md") == summary + summary)
  }

  @Test("What a run did is in the summary and what failed is noted")
  func whatARunDidIsInTheSummaryAndWhatFailedIsNoted() throws {
    try write("one")
    let apply = try berth("apply", "-f", "w.yaml")
    #expect(apply.status == 0, "\(apply.output)")
    #expect(commands(apply.output) == ["group", "endgroup", "group", "endgroup"], "\(apply.output)")
    #expect(sandbox.contents("summary.md")?.contains("| `web` | succeeded | release 1 | ") == true)
    try sandbox.write(
      "w.yaml", Self.spec("db", "two").replacing("[sleep, '86400']", with: "[sh, -c, 'exit 3']"))
    let failed = try berth("apply", "-f", "w.yaml", "--timeout", "10s")
    #expect(failed.status == 1)
    #expect(failed.output.contains("\n::error title=db%3A replace api (instance 0)::"), "\(failed.output)")
    #expect(sandbox.contents("summary.md")?.contains("| `db` | failed |  | ") == true)
  }

  @Test("Problems are noted at their lines in the repository")
  func problemsAreNotedAtTheirLinesInTheRepository() throws {
    try sandbox.make("deploy/w.yaml", "name: shop\nservices: [{name: a, imgae: b}]\n")
    let result = try berth(
      "validate", "-f", "deploy/w.yaml", environment: ["GITHUB_WORKSPACE": sandbox.folder])
    #expect(result.output.contains("\n::error file=deploy/w.yaml,line=2,col="), "\(result.output)")
    let inside = try sandbox.shell(
      "cd deploy && GITHUB_WORKSPACE='\(sandbox.folder)' '\(Sandbox.program)' validate -f w.yaml --format github"
    )
    #expect(inside.output.hasPrefix("::error file=deploy/w.yaml,line=2,col="), "\(inside.output)")
    let gitlab = try sandbox.shell(
      "cd deploy && CI_PROJECT_DIR='\(sandbox.folder)' '\(Sandbox.program)' validate -f w.yaml --format gitlab"
    )
    #expect(gitlab.output.contains("\"path\": \"deploy/w.yaml\""), "\(gitlab.output)")
  }

  @Test("What a service wrote commands no runner, unless --raw is given")
  func logs() throws {
    try sandbox.write(
      "w.yaml",
      """
      name: loud
      services:
        - {name: api, command: [sh, -c, 'printf "##[add-matcher]x\\n\\033[0Ksection_end:1:a\\r\\033[0K\\n"; exec sleep 86400'], stopGrace: 1s}
      """)
    #expect(try berth("apply", "-f", "w.yaml").status == 0)
    let isThere = try eventually { try berth("logs", "loud").output.contains("section_end") }
    #expect(isThere)
    let logs = try berth("logs", "loud").output
    #expect(
      !logs.contains("##[") && !logs.contains("\u{1B}") && logs.contains("##\\u005Badd-matcher]x"), "\(logs)")
    #expect(try berth("logs", "loud", "--raw").output.contains("##[add-matcher]x"))
  }

  @Test("A summary that is full or cannot be written is no failure")
  func aSummaryThatIsFullOrCanNotBeWrittenIsNoFailure() throws {
    try write("one")
    try sandbox.write("full.md", String(repeating: "x", count: 1 << 20))
    for (path, words) in [
      ("full.md", "is full"), ("none/summary.md", "can't be written: No such file or directory"),
    ] {
      let result = try berth(
        "plan", "-f", "w.yaml", environment: ["GITHUB_STEP_SUMMARY": sandbox.folder + "/" + path])
      #expect(
        result.status == 0 && result.output.contains("The summary of the step \(words)"), "\(result.output)")
    }
  }

  @Test("Progress is plain lines also on a terminal") func progressIsPlainLinesAlsoOnATerminal() throws {
    try write("one")
    let terminal = try PseudoTerminal(columns: 100, rows: 24)
    try sandbox.start(["apply", "-f", "w.yaml", "--yes"], on: terminal).waitUntilExit()
    #expect(eventually { terminal.text.contains("release 1 recorded") }, "\(terminal.text)")
    #expect(
      !terminal.text.contains("\u{1B}[K") && !terminal.text.contains("\u{1B}[J"),
      "\(terminal.text.debugDescription)")
    #expect(terminal.text.contains("create api (instance 0) …"))
  }
}
