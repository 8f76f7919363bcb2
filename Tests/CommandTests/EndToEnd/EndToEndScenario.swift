import Diagnostics
import Foundation
import Testing
import Values

/// What happens to a workload between its first plan and its end, in one story that knows nothing of the engine it
/// plays on.
struct EndToEndScenario {
  /// The engine.
  let stage: any Stage

  private static let file = "workload.yaml"
  private static let plan = "plan.json"

  /// The workload: a main, a sidecar and an init, and a volume in which each start of the main leaves a word.
  private func write(
    word: String = "one", tick: Int = 1, main: String? = nil, extra: Bool = false, isShared: Bool = false
  ) throws {
    let wait = "trap \"exit 0\" TERM; while :; do sleep 1 & wait $!; done"
    try stage.sandbox.write(
      Self.file,
      """
      name: shop
      replicas: 1
      services:
        - name: prepare
          role: init
          image: berth-test/busybox:1
          command: [/bin/sh, -c, 'echo prepared']
        - name: api
          image: berth-test/busybox:1
          command: [/bin/sh, -c, '\(main ?? "echo \"$WORD\" >> \"$BERTH_ROOT/data/words\"; echo \"said $WORD\"; \(wait)")']
          env: {WORD: \(word)}
          volumes: [{name: data, mountPath: /data, type: persistent, access: \(isShared ? "many" : "one")}]
          stopGrace: 5s
        - name: helper
          role: sidecar
          image: berth-test/busybox:1
          command: [/bin/sh, -c, '\(wait)']
          env: {TICK: "\(tick)"}
          stopGrace: 5s
      \(extra ? "  - {name: extra, role: sidecar, image: 'berth-test/busybox:1', command: [/bin/sh, -c, '\(wait)']}" : "")
      """)
  }

  /// Plays it to its end.
  func play() async throws {
    try await beginning()
    try await changing()
    try await repairing()
    try failing()
    try savedPlans()
    try operating()
    try goingBack()
    try dyingHalfway()
    try await ending()
  }

  // MARK: The acts

  private func beginning() async throws {
    try write()
    try succeed("validate", "-f", Self.file)
    try differs("plan", "-f", Self.file)
    #expect(try await stage.things() == [])
    #expect(try releases() == [])

    try apply()
    #expect(try await stage.things() != [])
    #expect(try releases() == [1])
    #expect(try status()["isReady"]?.bool == true)
    #expect(Set(try running().keys) == ["0/api", "0/helper"])
    #expect(try succeed("logs", "shop", "--service", "prepare").output.contains("prepared"))
    #expect(try eventually { try succeed("logs", "shop", "--service", "api").output.contains("said one") })
  }

  private func changing() async throws {
    let first = try running()
    #expect(try apply().contains("No changes:"))
    #expect(try running() == first)
    #expect(try releases() == [1])

    try write(tick: 2)
    #expect(try apply().contains("env.TICK"))
    let second = try running()
    #expect(second["0/api"] == first["0/api"])
    #expect(second["0/helper"] != nil && second["0/helper"] != first["0/helper"])

    try write(tick: 2, extra: true)
    try apply()
    #expect(Set(try running().keys) == ["0/api", "0/extra", "0/helper"])
    try write(tick: 2)
    try apply()
    #expect(try running() == second)

    let refused = try berth("scale", "shop", "--replicas", "2", "--yes")
    #expect(refused.status == 1 && refused.errors.contains("access: many"), "\(refused.errors)")
    try write(tick: 2, isShared: true)
    try apply()
    #expect(try running() == second)
    try succeed("scale", "shop", "--replicas", "2", "--yes")
    #expect(Set(try running().keys) == ["0/api", "0/helper", "1/api", "1/helper"])
    #expect(try differs("plan", "-f", Self.file).contains("replicas"))
    try write(tick: 2)
    try apply()
    #expect(try running() == second)
    #expect(try releases() == [1, 2, 3, 4, 5, 6, 7])
  }

  private func repairing() async throws {
    try settled()
    let before = try running()
    try await stage.breakByHand("helper", of: "shop")
    #expect(try differs("drift", "shop").contains("helper"))
    try apply()
    try settled()
    let after = try running()
    #expect(after.keys == before.keys && after["0/helper"] != before["0/helper"])
  }

  private func failing() throws {
    let before = try releases()
    try write(tick: 2, main: "echo out of cheese; exit 3")
    let failed = try berth("apply", "-f", Self.file, "--yes", "--timeout", "60s")
    #expect(failed.status == 1 && failed.output.contains("out of cheese"), "\(failed.output)\(failed.errors)")
    #expect(failed.errors.contains("No release was recorded"), "\(failed.errors)")
    #expect(try releases() == before)
    try succeed("rollback", "shop", "--yes")
    #expect(try status()["isReady"]?.bool == true)
    try settled()

    let again = try running()
    let atomic = try berth("apply", "-f", Self.file, "--yes", "--timeout", "60s", "--atomic")
    #expect(atomic.status == 1 && atomic.errors.contains("went back to release"), "\(atomic.errors)")
    #expect(try running().keys == again.keys)
    #expect(try running()["0/helper"] == again["0/helper"])
    #expect(try status()["isReady"]?.bool == true)
    #expect(try releases() == before)
    try settled()
  }

  private func savedPlans() throws {
    try write(tick: 3)
    try succeed("plan", "-f", Self.file, "--out", Self.plan)
    try write(tick: 4)
    try apply()
    let stale = try berth("apply", Self.plan, "--yes")
    #expect(stale.status == 4 && stale.errors.contains("E0706"), "\(stale.errors)")
    try write(tick: 5)
    try succeed("plan", "-f", Self.file, "--out", Self.plan)
    try write(tick: 6)
    try succeed("apply", Self.plan, "--yes")
    try write(tick: 5)
    try settled()
  }

  private func operating() throws {
    try succeed("stop", "shop", "--service", "helper", "--yes")
    #expect(Set(try running().keys) == ["0/api"])
    #expect(try apply().contains("No changes:"))
    try succeed("start", "shop", "--yes")
    let before = try running()
    try succeed("restart", "shop", "--service", "helper", "--yes")
    let after = try running()
    #expect(after["0/api"] == before["0/api"] && after["0/helper"] != before["0/helper"])

    try succeed("suspend", "shop", "--reason", "counting money", "--yes")
    let refused = try berth("apply", "-f", Self.file, "--yes")
    #expect(refused.status == 1 && refused.errors.contains("counting money"), "\(refused.errors)")
    try succeed("unsuspend", "shop", "--yes")

    let command = try berth(
      "exec", "shop", "--service", "helper", "--", "sh", "-c", "cat; echo $TICK; exit 7", input: "in ")
    #expect(command.status == 7 && command.output == "in 5\n", "\(command.output)\(command.errors)")
    #expect(try succeed("usage", "shop").output.contains("api"))
  }

  private func goingBack() throws {
    let numbers = try releases()
    try write(word: "two", tick: 5)
    try apply()
    #expect(try environment(of: "api", "WORD") == "two")
    try succeed("rollback", "shop", "--to", "1", "--yes")
    #expect(try environment(of: "api", "WORD") == "one")
    #expect(try environment(of: "helper", "TICK") == "1")
    #expect(try releases() == Array(1...Int64(numbers.count + 2)))
    // The volume is no part of what goes back.
    let words = try exec("api", "cat \"$BERTH_ROOT/data/words\"").split(separator: "\n")
    #expect(words.contains("two") && words.last == "one", "\(words)")
  }

  private func dyingHalfway() throws {
    try write(word: "three", tick: 7)
    let process = try stage.sandbox.start(["apply", "-f", Self.file, "--yes"] + stage.place)
    usleep(700_000)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try apply("--lock-timeout", "120s")
    try settled()
    #expect(Set(try running().keys) == ["0/api", "0/helper"])
    let numbers = try releases()
    #expect(numbers == Array(1...Int64(numbers.count)))
    #expect(try environment(of: "api", "WORD") == "three")
  }

  private func ending() async throws {
    let words = try exec("api", "cat \"$BERTH_ROOT/data/words\"")
    try succeed("destroy", "shop", "--yes")
    let left = try await stage.things()
    #expect(left.count == 1 && left.allSatisfy { $0.contains("data") }, "\(left)")
    try apply()
    #expect(try exec("api", "cat \"$BERTH_ROOT/data/words\"") == words + "three\n")
    try succeed("destroy", "shop", "--volumes", "--yes")
    #expect(try await stage.things() == [])
    let numbers = try releases()
    #expect(numbers == Array(1...Int64(numbers.count)))
  }

  // MARK: Commands

  private func berth(_ arguments: [String], input: String? = nil) throws -> Sandbox.Result {
    // What is only read has no place, and a saved plan names its own.
    if arguments[0] == "validate" || arguments.contains(Self.plan) && arguments[0] == "apply" {
      return try stage.sandbox.berth(arguments, input: input)
    }
    // Before what a command passes on.
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return try stage.sandbox.berth(arguments[..<end] + stage.place + arguments[end...], input: input)
  }

  private func berth(_ arguments: String..., input: String? = nil) throws -> Sandbox.Result {
    try berth(arguments, input: input)
  }

  @discardableResult
  private func succeed(
    _ arguments: String..., line: Testing.SourceLocation = #_sourceLocation
  ) throws -> Sandbox.Result {
    let result = try berth(arguments)
    #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)", sourceLocation: line)
    return result
  }

  @discardableResult
  private func apply(_ more: String..., line: Testing.SourceLocation = #_sourceLocation) throws -> String {
    let result = try berth(["apply", "-f", Self.file, "--yes"] + more)
    #expect(result.status == 0, "\(result.output)\(result.errors)", sourceLocation: line)
    return result.output
  }

  /// Asks, and is told that there are changes.
  @discardableResult
  private func differs(
    _ arguments: String..., line: Testing.SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try berth(arguments + ["--detailed-exitcode"])
    #expect(result.status == 2, "\(arguments): \(result.output)\(result.errors)", sourceLocation: line)
    return result.output
  }

  /// Nothing differs from the last release.
  private func settled(line: Testing.SourceLocation = #_sourceLocation) throws {
    let drift = try berth("drift", "shop", "--detailed-exitcode")
    #expect(drift.status == 0, "\(drift.output)\(drift.errors)", sourceLocation: line)
  }

  private func exec(_ service: String, _ script: String) throws -> String {
    try succeed("exec", "shop", "--service", service, "--", "sh", "-c", script).output
  }

  private func environment(of service: String, _ name: String) throws -> String {
    try exec(service, "printf %s \"$\(name)\"")
  }

  // MARK: What is so

  private func status() throws -> Value { try berth("status", "shop", "--format", "json").json }

  /// The processes of what runs, by ordinal and service.
  private func running() throws -> [String: Int64] {
    var processes: [String: Int64] = [:]
    for instance in try status()["instances"]?.list ?? [] {
      // A generation takes the place of the one before it.
      let ordinal = instance["id"]?.string?.prefix { $0 != "_" } ?? ""
      for service in instance["services"]?.list ?? [] {
        processes["\(ordinal)/\(service["name"]?.string ?? "")"] = service["processID"]?.int
      }
    }
    return processes
  }

  private func releases() throws -> [Int64] {
    let history = try berth("history", "shop", "--limit", "1000", "--format", "json")
    guard history.status == 0 else { return [] }
    return try (history.json.list ?? []).compactMap { $0["number"]?.int }.sorted()
  }
}
