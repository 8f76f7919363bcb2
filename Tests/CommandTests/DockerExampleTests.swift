import DockerAPI
import Foundation
import Testing

/// What a stranger would try with the Docker example, on a real engine.
@Suite(.serialized, DockerStage.isThere) struct DockerExampleTests {
  private let engine: DockerStage
  init() async throws { engine = try await DockerStage() }

  @Test("Plan touches nothing") func planTouchesNothing() async throws {
    try await engine.use { engine in
      let plan = try engine.berth(["plan"] + engine.spec() + ["--detailed-exitcode"])
      #expect(plan.status == 2, "\(plan.errors)")
      #expect(plan.output.contains("Plan: 4 to create."))
      #expect(try await engine.things() == [])
      #expect(try await engine.history() == [])
    }
  }

  @Test("Only what differs is touched") func onlyWhatDiffersIsTouched() async throws {
    try await engine.use { engine in
      #expect(try engine.apply().status == 0)
      let before = try await engine.containers()
      #expect(Set(before.keys) == ["prepare", "web", "clock", "watch"])

      let again = try engine.apply()
      #expect(again.output.contains("No changes:"), "\(again.output)\(again.errors)")
      #expect(try await engine.containers() == before)
      #expect(try engine.releaseNumbers() == [1])

      let changed = try engine.apply("--var", "tick=1")
      #expect(changed.status == 0, "\(changed.errors)")
      #expect(changed.output.contains("env.TICK"))
      let after = try await engine.containers()
      #expect(after.filter { before[$0.key] != $0.value }.map(\.key) == ["clock"])

      let back = try engine.berth(["rollback", "web"])
      #expect(back.status == 0, "\(back.errors)")
      #expect(try await engine.containers()["web"] == before["web"])
      #expect(try engine.releaseNumbers() == [1, 2, 3])
    }
  }

  @Test("Following ends with the workload, after all that its services wrote")
  func followingEndsWithTheWorkload() async throws {
    try await engine.use { engine in
      let file = try engine.sandbox.write(
        "shop.yaml",
        """
        name: shop
        services:
          - name: api
            image: berth-test/busybox:1
            command: [/bin/sh, -c, 'trap "echo bye; exit" TERM; echo hello; while :; do sleep 0.1; done']
        """)
      #expect(try engine.berth(["apply", "-f", file]).status == 0)
      let process = try engine.sandbox.start(
        ["logs", "shop", "--follow", "-n", engine.namespace], transcript: "lines")
      #expect(eventually { engine.sandbox.contents("lines")?.contains("hello") == true })
      #expect(try engine.berth(["stop", "shop"]).status == 0)
      #expect(eventually { engine.sandbox.contents("lines")?.contains("bye") == true })
      #expect(try engine.berth(["start", "shop"]).status == 0)
      #expect(process.isRunning)
      #expect(try engine.berth(["destroy", "shop", "--yes"]).status == 0)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      let lines = engine.sandbox.contents("lines")?.split(separator: "\n").map { $0.drop { $0 != "|" } }
      #expect(lines == ["| hello", "| bye", "| hello", "| bye"])
    }
  }

  @Test("What was changed by hand is drift and mended") func whatWasChangedByHandIsDriftAndMended()
    async throws
  {
    try await engine.use { engine in
      #expect(try engine.apply().status == 0)
      let before = try await engine.containers()
      try await engine.client.containers.update(
        engine.name(of: "web"), ContainerUpdate(memory: 32 << 20, memorySwap: 32 << 20))
      try await engine.client.containers.remove(engine.name(of: "clock"), force: true)
      let drift = try engine.berth(["drift", "web", "--detailed-exitcode"])
      #expect(drift.status == 2)
      #expect(drift.output.contains("resources.memory"))
      #expect(drift.output.contains("clock"))
      let mended = try engine.apply()
      #expect(mended.status == 0, "\(mended.errors)")
      #expect(try await engine.containers()["web"] == before["web"])
      #expect(try engine.berth(["drift", "web", "--detailed-exitcode"]).status == 0)
    }
  }

  @Test("The volume survives and nothing else does") func theVolumeSurvivesAndNothingElseDoes() async throws {
    try await engine.use { engine in
      #expect(try engine.apply("--var", "greeting=Ahoy").status == 0)
      let page = try engine.berth([
        "exec", "web", "--service", "watch", "--", "wget", "-qO-", "http://web:8080/",
      ])
      #expect(page.output.contains("Ahoy!"), "\(page.output)\(page.errors)")
      #expect(
        try engine.berth(["logs", "web", "--service", "prepare"]).output.contains("the volume is prepared"))
      #expect(try engine.berth(["destroy", "web", "--yes"]).status == 0)
      #expect(try await engine.things() == ["\(engine.namespace)_web_site"])
      // The history stays, and numbering goes on.
      #expect(try engine.berth(["rollback", "web", "--to", "1"]).status == 0)
      #expect(try engine.releaseNumbers() == [1, 2, 3])
      #expect(try engine.berth(["destroy", "web", "--volumes", "--yes"]).status == 0)
      #expect(try await engine.things() == [])
    }
  }

  @Test("What operators stop stays stopped") func whatOperatorsStopStaysStopped() async throws {
    try await engine.use { engine in
      let first = try engine.apply()
      #expect(first.status == 0)
      #expect(try engine.berth(["stop", "web", "--service", "clock"]).status == 0)
      #expect(try engine.apply().output.contains("No changes:"))
      #expect(try engine.berth(["restart", "web"]).status == 0)
      let client = engine.client
      #expect(
        try await client.containers.inspect(engine.name(of: "clock") + ".stopped").state.running == false)
      #expect(try engine.berth(["start", "web"]).status == 0)
      #expect(try await client.containers.inspect(engine.name(of: "clock")).state.running)
    }
  }

  @Test("A killed apply is finished by the next") func aKilledApplyIsFinishedByTheNext() async throws {
    try await engine.use { engine in
      let started = ContinuousClock.now
      #expect(try engine.apply().status == 0)
      let whole = (ContinuousClock.now - started) / .milliseconds(1)
      var random = SystemRandomNumberGenerator()
      for round in 0..<8 {
        let more = ["--var", "tick=\(["1", "2", "5"][round % 3])", "--var", "greeting=Round \(round)"]
        let process = try engine.sandbox.start(["apply"] + engine.spec() + more)
        try await Task.sleep(for: .milliseconds(Double.random(in: 0...whole, using: &random)))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let again = try engine.berth(["apply"] + engine.spec() + more + ["--lock-timeout", "60s"])
        #expect(again.status == 0, "round \(round): \(again.output)\(again.errors)")
        let plan = try engine.berth(["plan"] + engine.spec() + more + ["--detailed-exitcode"])
        #expect(plan.status == 0, "round \(round): \(plan.output)\(plan.errors)")
        let numbers = try engine.releaseNumbers()
        #expect(numbers == (1...Int64(numbers.count)).map { $0 }, "round \(round): \(numbers)")
        if round == 3 {
          // Half destroyed is not destroyed.
          let process = try engine.sandbox.start(["destroy", "web", "--yes"] + engine.place)
          try await Task.sleep(for: .milliseconds(Double.random(in: 0...whole / 2, using: &random)))
          kill(process.processIdentifier, SIGKILL)
          process.waitUntilExit()
        }
      }
      #expect(
        try engine.berth(["destroy", "web", "--volumes", "--yes", "--lock-timeout", "60s"]).status == 0)
      #expect(try await engine.things() == [])
    }
  }

  @Test("Two applies from two folders exclude each other") func twoAppliesFromTwoFoldersExcludeEachOther()
    async throws
  {
    try await engine.use { engine in
      #expect(try engine.apply().status == 0)
      let other = try Sandbox()
      try engine.configure(other)
      let processes = try [(engine.sandbox, "1"), (other, "5")].map { sandbox, tick in
        try sandbox.start(
          ["apply"] + engine.spec() + ["--var", "tick=\(tick)", "--lock-timeout", "120s"], transcript: "said")
      }
      for process in processes { process.waitUntilExit() }
      let said = [engine.sandbox, other].map { $0.contents("said") ?? "" }
      #expect(processes.allSatisfy { $0.terminationStatus == 0 }, "\(said)")
      #expect(try engine.releaseNumbers() == [1, 2, 3])
      // The live state is that of the last apply, as a whole.
      let last =
        try engine.berth(["plan"] + engine.spec() + ["--var", "tick=1", "--detailed-exitcode"]).status == 0
      let tick = last ? "1" : "5"
      #expect(
        try engine.berth(["plan"] + engine.spec() + ["--var", "tick=\(tick)", "--detailed-exitcode"]).status
          == 0)
    }
  }
}
