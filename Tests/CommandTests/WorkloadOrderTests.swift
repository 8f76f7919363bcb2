import Foundation
import Testing
import Values

/// Workloads of one command that depend on one another, and such that do not.
@Suite struct WorkloadOrderTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try FileManager.default.createDirectory(
      atPath: sandbox.folder + "/all", withIntermediateDirectories: false)
  }

  /// Writes a workload that is ready once a command succeeds.
  private func write(
    _ name: String, after dependencies: [String] = [], _ script: String = "exec sleep 1000",
    readyIf check: String? = nil
  ) throws {
    let health = check.map { ", healthCheck: {command: [/bin/sh, -c, '\($0)'], interval: 50ms}" } ?? ""
    try sandbox.write(
      "all/\(name).yaml",
      """
      name: \(name)
      dependsOn: [\(dependencies.joined(separator: ", "))]
      services: [{name: main, stopGrace: 1s, command: [/bin/sh, -c, '\(script)']\(health)}]

      """)
  }

  private func apply(_ more: String...) throws -> Sandbox.Result {
    try sandbox.berth(["apply", "-f", "all", "--timeout", "20s"] + more)
  }

  private func row(_ name: String, in output: String) -> String? {
    output.split(separator: "\n").last { $0.hasPrefix(name + " ") }.map {
      $0.split(separator: " ").dropFirst().joined(separator: " ")
    }
  }

  @Test("Each starts when what it depends on is ready") func eachStartsWhenWhatItDependsOnIsReady() throws {
    let ready = sandbox.folder + "/ready"
    try write("db", "sleep 0.5; touch \(ready); exec sleep 1000", readyIf: "test -e \(ready)")
    try write("web", after: ["db"], "test -e \(ready) || exit 3; exec sleep 1000")
    try write("aside")
    let plan = try sandbox.berth("plan", "-f", "all")
    #expect(plan.status == 0, "\(plan.errors)")
    let result = try apply()
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    // All are shown before anything is done, and each line of what is done names its workload.
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let titles = lines.filter { $0.hasPrefix("Plan for ") }.map { $0.split(separator: " ")[2] }
    #expect(titles == ["aside", "db", "web"])
    let first = try #require(lines.firstIndex { $0.contains("✓ create") })
    let end = try #require(lines.firstIndex { $0.hasPrefix("WORKLOAD") })
    #expect(lines[..<first].count { $0.hasPrefix("Plan for ") } == 3)
    let told = lines[first..<end].filter { !$0.isEmpty }
    #expect(told.allSatisfy { $0.wholeMatch(of: /(aside|db|web): .+/) != nil }, "\(told)")
    let web = try #require(lines.firstIndex { $0.hasPrefix("web: +") })
    #expect(try #require(lines.firstIndex { $0.hasPrefix("db: ✓ release 1") }) < web)
    #expect(try sandbox.berth("plan", "-f", "all", "--detailed-exitcode").status == 0)

    // By itself it waits as well, and does not touch what it depends on.
    try FileManager.default.removeItem(atPath: ready)
    #expect(try sandbox.berth("restart", "db", "--timeout", "20s").status == 0)
    #expect(try sandbox.berth("stop", "db").status == 0)
    try write("web", after: ["db"], "exec sleep 1001")
    let stopped = try sandbox.berth("apply", "-f", "all/web.yaml")
    #expect(stopped.status == 1 && stopped.errors.contains("E0661"), "\(stopped.errors)")
  }

  @Test("One that fails stops only those that need it") func oneThatFailsStopsOnlyThoseThatNeedIt() throws {
    try write("db", "exit 3")
    try write("api", after: ["db"])
    try write("web", after: ["api"])
    try write("aside")
    let result = try apply()
    #expect(result.status == 1)
    #expect(row("api", in: result.output) == "not started: db failed", "\(result.output)")
    #expect(row("web", in: result.output) == "not started: db failed")
    #expect(row("aside", in: result.output)?.hasPrefix("succeeded 1") == true)
    #expect(result.errors.contains("web: not started: db failed"))
    #expect(try sandbox.berth("status", "api").errors.contains("E0708"))
    let events = try apply("--format", "json").output.split(separator: "\n").map {
      try Value(json: String($0))
    }
    let end = events.first { $0["event"]?.string == "finished" && $0["workload"]?.string == "web" }
    #expect(end?["outcome"]?.string == "not-started" && end?["because"]?.string == "db")
    #expect(end?["exit"]?.int == 1)
    try write("db")
    #expect(try apply().status == 0)
  }

  @Test("A workload that another one depends on is not deleted by accident")
  func whatOthersNeedIsNotDeletedByAccident() throws {
    try write("db")
    try write("web", after: ["db"])
    #expect(try apply("--set", "all").status == 0)
    let refused = try sandbox.berth("destroy", "db", "--yes")
    #expect(refused.status == 1 && refused.errors.contains("E0663"), "\(refused.errors)")
    try FileManager.default.removeItem(atPath: sandbox.folder + "/all/db.yaml")
    let pruned = try apply("--set", "all", "--prune", "--yes")
    #expect(pruned.status == 1 && pruned.errors.contains("E0663"), "\(pruned.errors)")
    #expect(try sandbox.processIDs("db").count == 1)
    #expect(try apply("--set", "all", "--prune", "--yes", "--force").status == 0)
    #expect(try sandbox.processIDs("db").isEmpty)
    let absent = try apply()
    #expect(absent.status == 0, "what has nothing to do needs nothing: \(absent.errors)")
    try write("db")
    #expect(try apply().status == 0)
    let gone = try sandbox.berth("destroy", "db", "web", "--yes")
    #expect(gone.status == 0, "\(gone.output)\(gone.errors)")
    let lines = gone.output.split(separator: "\n")
    let web = try #require(lines.lastIndex { $0.hasPrefix("web: ✓") })
    let db = try #require(lines.firstIndex { $0.hasPrefix("db: -") || $0.hasPrefix("db: ■") })
    #expect(web < db, "\(gone.output)")
  }

  @Test("A circle is told with its places") func aCircleIsToldWithItsPlaces() throws {
    try write("a", after: ["b"])
    try write("b", after: ["a"])
    let result = try sandbox.berth("validate", "-f", "all")
    #expect(result.status == 1 && result.errors.contains("E0433"), "\(result.errors)")
    #expect(result.errors.contains("a → b → a") && result.errors.contains("`b` waits for `a`"))
  }

  @Test("Each of eight is ready only once all eight have started")
  func independentOnesAreUnderWayAtOnce() throws {
    let names = (0..<8).map { "w\($0)" }
    for name in names {
      try write(
        name, "touch \(sandbox.folder)/up-\(name); exec sleep 1000",
        readyIf: "test $(ls \(sandbox.folder) | grep -c ^up-) -eq 8")
    }
    let few = try apply("--parallelism", "4", "--timeout", "2s")
    #expect(few.status == 6)
    let result = try apply("--parallelism", "8")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    for name in names { #expect(try sandbox.releaseNumbers(name) == [1]) }
  }

  @Test("A terminal shows a line for each") func aTerminalShowsALineForEach() throws {
    let terminal = try PseudoTerminal(columns: 100, rows: 30)
    let ready = sandbox.folder + "/ready"
    for name in ["a", "b"] { try write(name, readyIf: "test -e \(ready)") }
    try write("c", after: ["a"])
    let process = try sandbox.start(["apply", "-f", "all"], on: terminal)
    #expect(eventually { terminal.text.contains("Apply? [y/N] ") })
    terminal.type("y\n")
    func plain() -> String { terminal.text.replacing(/\u{1B}\[[0-9;]*[a-zA-Z]/, with: "") }
    #expect(
      eventually {
        let text = plain()
        return text.contains(/\+ a: create main/) && text.contains(/\+ b: create main/)
          && text.contains(/c: create 0? ?.*waits for its turn/)
      }, "\(plain())")
    #expect(plain().components(separatedBy: "Apply?").count == 2)
    try sandbox.write("ready", "")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(eventually { plain().contains("c: ✓ release 1 recorded") }, "\(plain())")
  }
}
