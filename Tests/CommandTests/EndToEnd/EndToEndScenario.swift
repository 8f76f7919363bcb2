import Foundation
import Testing
import Values

/// What happens to a workload between its first plan and its end, in one story that knows nothing of the engine it
/// plays on but what that changes by itself: a service, or all of them together.
struct EndToEndScenario {
  /// The engine.
  let stage: any Stage

  static let file = "workload.yaml"
  static let plan = "plan.json"
  private static let transcript = "transcript"

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
          image: \(stage.image)
          command: [/bin/sh, -c, 'echo prepared']
        - name: api
          image: \(stage.image)
          command: [/bin/sh, -c, '\(main ?? "echo \"$WORD\" >> \"$BERTH_ROOT/data/words\"; echo \"said $WORD\"; \(wait)")']
          env: {WORD: \(word)}
          volumes: [{name: data, mountPath: /data, type: persistent, access: \(isShared ? "many" : "one")}]
          stopGrace: 5s
        - name: helper
          role: sidecar
          image: \(stage.image)
          command: [/bin/sh, -c, '\(wait)']
          env: {TICK: "\(tick)"}
          stopGrace: 5s
      \(extra ? "  - {name: extra, role: sidecar, image: '\(stage.image)', command: [/bin/sh, -c, '\(wait)']}" : "")
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
    let changed = try running()
    expectChange(of: "helper", from: first, to: changed)

    try write(tick: 2, extra: true)
    try apply()
    let more = try running()
    #expect(Set(more.keys) == ["0/api", "0/extra", "0/helper"])
    #expect(isSpared("0/api", changed, more) && isSpared("0/helper", changed, more))
    try write(tick: 2)
    try apply()
    let second = try running()
    #expect(second.keys == changed.keys)
    #expect(isSpared("0/api", more, second) && isSpared("0/helper", more, second))

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
    let numbers = try releases()
    try write(tick: 2, main: "echo out of cheese; exit 3")
    let failed = try berth("apply", "-f", Self.file, "--yes", "--timeout", "60s")
    #expect(failed.status == 1 && failed.output.contains("out of cheese"), "\(failed.output)\(failed.errors)")
    #expect(failed.errors.contains("No release was recorded"), "\(failed.errors)")
    #expect(try releases() == numbers)
    try succeed("rollback", "shop", "--yes")
    #expect(try status()["isReady"]?.bool == true)
    try settled()

    let before = try running()
    let atomic = try berth("apply", "-f", Self.file, "--yes", "--timeout", "60s", "--atomic")
    #expect(atomic.status == 1 && atomic.errors.contains("went back to release"), "\(atomic.errors)")
    let after = try running()
    #expect(after.keys == before.keys && isSpared("0/helper", before, after))
    #expect(try status()["isReady"]?.bool == true)
    #expect(try releases() == numbers)
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
    try stopping()
    #expect(try apply().contains("No changes:"))
    try succeed("start", "shop", "--yes")
    let before = try running()
    try succeed(["restart", "shop", "--yes"] + (stage.unit == .service ? ["--service", "helper"] : []))
    expectChange(of: "helper", from: before, to: try running())

    try succeed("suspend", "shop", "--reason", "counting money", "--yes")
    let refused = try berth("apply", "-f", Self.file, "--yes")
    #expect(refused.status == 1 && refused.errors.contains("counting money"), "\(refused.errors)")
    try succeed("unsuspend", "shop", "--yes")

    let command = try berth(
      "exec", "shop", "--service", "helper", "--", "sh", "-c", "cat; echo $TICK; exit 7", input: "in ")
    #expect(command.status == 7 && command.output == "in 5\n", "\(command.output)\(command.errors)")
    if stage.measuresUsage {
      #expect(try succeed("usage", "shop").output.contains("api"))
    } else {
      let unmeasured = try berth("usage", "shop")
      #expect(
        unmeasured.status == 1 && unmeasured.errors.contains("does not measure"), "\(unmeasured.errors)")
    }
  }

  /// What can be stopped alone is, and else the whole.
  private func stopping() throws {
    let part = try berth("stop", "shop", "--service", "helper", "--yes")
    if stage.unit == .service {
      #expect(part.status == 0, "\(part.output)\(part.errors)")
      #expect(Set(try running().keys) == ["0/api"])
    } else {
      #expect(part.status == 1 && part.errors.contains("only as a whole"), "\(part.errors)")
      #expect(Set(try running().keys) == ["0/api", "0/helper"])
      try succeed("stop", "shop", "--yes")
      #expect(try running() == [:])
    }
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
    let process = try stage.sandbox.start(
      ["apply", "-f", Self.file, "--yes"] + stage.place, transcript: Self.transcript)
    // An action has begun: somewhere within it.
    let isUnderWay = eventually { stage.sandbox.contents(Self.transcript)?.contains(" …\n") == true }
    #expect(isUnderWay && process.isRunning, "\(stage.sandbox.contents(Self.transcript) ?? "")")
    usleep(.random(in: 0...500_000))
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
    #expect(left.count == (stage.makesVolumes ? 1 : 0) && left.allSatisfy { $0.contains("data") }, "\(left)")
    try apply()
    #expect(try exec("api", "cat \"$BERTH_ROOT/data/words\"") == words + "three\n")
    try succeed("destroy", "shop", "--volumes", "--yes")
    #expect(try await stage.things() == [])
    let numbers = try releases()
    #expect(numbers == Array(1...Int64(numbers.count)))
  }
}
