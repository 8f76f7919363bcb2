import Foundation
import Testing
import Values

/// Several workloads in one run, named sets, and events for programs.
@Suite struct ManyWorkloadsTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try FileManager.default.createDirectory(
      atPath: sandbox.folder + "/all", withIntermediateDirectories: false)
    for name in ["a", "b", "c"] { try write(name) }
  }

  func write(_ name: String, command: String = "while :; do sleep 1; done") throws {
    try sandbox.write(
      "all/\(name).yaml",
      "name: \(name)\nservices: [{name: main, stopGrace: 1s, command: [/bin/sh, -c, '\(command)']}]\n")
  }

  func apply(_ more: String...) throws -> Sandbox.Result {
    try sandbox.berth(["apply", "-f", "all", "--timeout", "20s"] + more)
  }

  /// The rows of the summary: outcome and release by name.
  func summary(_ output: String) -> [String: [String]] {
    var rows: [String: [String]] = [:]
    for line in output.split(separator: "\n").reversed() {
      let words = line.split(separator: " ").map(String.init)
      if words.first == "WORKLOAD" { break }
      if words.count > 1 { rows[words[0]] = Array(words.dropFirst()) }
    }
    return rows
  }

  @Test("One that fails does not stop the others") func oneThatFailsDoesNotStopTheOthers() throws {
    try write("b", command: "exit 3")
    let result = try apply()
    #expect(result.status == 1)
    let rows = summary(result.output)
    #expect(rows["a"]?.prefix(2) == ["succeeded", "1"])
    #expect(rows["b"]?.first == "failed")
    #expect(rows["c"]?.prefix(2) == ["succeeded", "1"])
    try write("b")
    let again = try apply()
    #expect(again.status == 0, "\(again.output)\(again.errors)")
    #expect(summary(again.output)["a"]?.first == "unchanged")
    #expect(summary(again.output)["b"]?.prefix(2) == ["succeeded", "1"])
  }

  /// Workloads are planned together. What comes before them counts nevertheless.
  @Test("What one changes the next one sees") func whatOneChangesTheNextOneSees() throws {
    let tool = sandbox.folder + "/tool"
    func run(_ number: Int, after script: String) throws -> Sandbox.Result {
      try write("a", command: "\(script); exec sleep 1000")
      try sandbox.write(
        "all/b.yaml",
        """
        name: b
        dependsOn: [a]
        services: [{name: main, stopGrace: 1s, command: [\(tool), "\(number)"]}]

        """)
      return try apply()
    }
    let given = try run(1000, after: "ln -s /bin/sleep \(tool)")
    #expect(given.status == 0, "\(given.output)\(given.errors)")
    #expect(given.errors.contains("b is planned at its turn"), "\(given.errors)")
    #expect(summary(given.output)["b"]?.prefix(2) == ["succeeded", "1"])
    let taken = try run(1001, after: "rm \(tool)")
    #expect(summary(taken.output)["a"]?.prefix(2) == ["succeeded", "2"])
    #expect(summary(taken.output)["b"]?.first == "refused", "\(taken.output)\(taken.errors)")
    #expect(summary(taken.output)["c"]?.first == "unchanged")
    #expect(taken.status == 1 && taken.errors.contains("E0608"), "\(taken.errors)")
  }

  @Test("What vanished from a set is told and pruned") func whatVanishedFromASetIsToldAndPruned() throws {
    #expect(try apply("--set", "prod").status == 0)
    try FileManager.default.removeItem(atPath: sandbox.folder + "/all/c.yaml")
    let told = try apply("--set", "prod")
    #expect(told.status == 0)
    #expect(told.errors.contains("these have no document any more, and are left as they are: c."))
    #expect(try sandbox.processIDs("c").count == 1)
    // Another set, or none, is not concerned.
    #expect(
      try sandbox.berth("plan", "-f", "all", "--set", "staging", "--prune").output.contains("delete") == false
    )

    let plan = try sandbox.berth("plan", "-f", "all", "--set", "prod", "--prune", "--detailed-exitcode")
    #expect(plan.status == 2 && plan.output.contains("delete main"), "\(plan.output)\(plan.errors)")
    let refused = try apply("--set", "prod", "--prune")
    #expect(refused.status == 1 && refused.errors.contains("E0707"), "\(refused.errors)")
    #expect(try sandbox.processIDs("c").count == 1)
    let pruned = try apply("--set", "prod", "--prune", "--yes")
    #expect(pruned.status == 0, "\(pruned.output)\(pruned.errors)")
    #expect(try sandbox.releaseNumbers("c") == [1, 2])
    #expect(try sandbox.processIDs("c").isEmpty)
    #expect(try sandbox.processIDs("a").count == 1)
    #expect(try apply("--set", "prod", "--prune").status == 0)
    #expect(try sandbox.berth("plan", "-f", "all", "--prune").errors.contains("--set"))
  }

  @Test("Events are lines of JSON") func eventsAreLinesOfJSON() throws {
    try write("b", command: "echo out of cheese; exit 3")
    let result = try apply("--format", "json")
    #expect(result.status == 1)
    let events = try result.output.split(separator: "\n").map { try Value(json: String($0)) }
    func names(_ workload: String) -> [String] {
      events.filter { $0["workload"]?.string == workload && $0["event"]?.string != "progress" }
        .compactMap { $0["event"]?.string }
    }
    #expect(
      names("a") == ["planned", "started", "succeeded", "started", "succeeded", "recorded", "finished"])
    #expect(names("b") == ["planned", "started", "succeeded", "started", "failed", "finished"])
    #expect(events.allSatisfy { $0["version"]?.int == 1 && $0["target"]?.string == "local" })
    let failed = try #require(events.first { $0["event"]?.string == "failed" })
    #expect(failed["action"]?.string == "create 0.main")
    #expect(failed["log"]?.list?.contains("out of cheese") == true)
    let ends = events.filter { $0["event"]?.string == "finished" }
    func end(_ workload: String) -> Value? { ends.first { $0["workload"]?.string == workload } }
    #expect(["a", "b", "c"].map { end($0)?["outcome"]?.string } == ["succeeded", "failed", "succeeded"])
    #expect(["a", "b", "c"].map { end($0)?["exit"]?.int } == [0, 1, 0])
    #expect(end("a")?["release"]?.int == 1)
    #expect(events.first?["plan"]?["desired"]?["name"]?.string == "a")

    let back = try sandbox.berth("destroy", "a", "--yes", "--format", "json")
    let last = try Value(json: try #require(back.output.split(separator: "\n").last.map(String.init)))
    #expect(last["event"]?.string == "finished" && last["outcome"]?.string == "succeeded")
  }
}
