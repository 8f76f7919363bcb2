import DockerAPI
import Foundation
import Testing
import WorkloadSpec

/// The story of `docs/moving.md`: a project that `docker compose` started becomes a workload while it runs. Skipped without an
/// engine, or without the program `docker compose`.
@Suite(
  .serialized, DockerStage.isThere, .enabled(if: ComposeStage.program != nil, "needs BERTH_TEST_COMPOSE"))
struct MovingTests {
  private func moving(_ body: (MovingStage) async throws -> Void) async throws {
    try await DockerStage().use { engine in
      let stage = MovingStage(engine)
      let result: Result<Void, any Error>
      do {
        try stage.start()
        try await body(stage)
        result = .success(())
      } catch { result = .failure(error) }
      _ = try? engine.berth(["destroy", "shop", "--volumes", "--yes"])
      try await stage.end()
      try result.get()
    }
  }

  @Test("A project moves without a restart") func aProjectMovesWithoutARestart() async throws {
    try await moving { stage in
      let before = try await stage.livesOfCompose()
      let plan = try stage.berth("plan", "-f", "shop.yaml", "--adopt-from", stage.project)
      #expect(plan.status == 0, "\(plan.errors)")
      #expect(plan.output.contains("⇤ adopt db") && plan.output.contains("⇤ adopt web"), "\(plan.output)")
      #expect(plan.output.contains("\"\(stage.project)_data\""), "\(plan.output)")
      #expect(plan.output.contains("Interrupts nothing."), "\(plan.output)")
      #expect(try await stage.livesOfCompose() == before)
      #expect(try await stage.stamps() == [])

      let refusals = try stage.refusals {
        let adopted = try stage.adopt()
        #expect(adopted.status == 0, "\(adopted.output)\(adopted.errors)")
      }
      #expect(refusals == 0)
      #expect(try await stage.livesOfBerth() == before)
      #expect(try await stage.stamps().count == 2)
      let (db, network) = ("\(stage.engine.namespace)_shop_0_db", "\(stage.engine.namespace)_shop_0")
      #expect(try await stage.networks(of: db) == ["\(stage.project)_default"])
      let rows = try stage.rows()
      #expect(rows.count == 1)
      for arguments in [["plan", "-f", "shop.yaml"], ["drift", "shop"]] {
        let again = try stage.berth(arguments + ["--detailed-exitcode"])
        #expect(again.status == 0, "\(again.output)\(again.errors)")
      }
      let page = try stage.berth("exec", "shop", "--service", "db", "--", "wget", "-qO-", "http://web:8080/")
      #expect(page.output.contains("hello"), "\(page.output)\(page.errors)")
      #expect(try stage.berth("logs", "shop").status == 0)

      // A change makes its container anew, and nothing else.
      try stage.edit("hello", to: "ahoy")
      let changed = try stage.berth("apply", "-f", "shop.yaml")
      #expect(changed.status == 0, "\(changed.output)\(changed.errors)")
      var lives = try await stage.livesOfBerth()
      #expect(lives[0] == before[0] && lives[1] != before[1] && lives[1].isRunning)
      #expect(try await stage.stamps() == ["berth.adopted_\(before[0].id)"])
      #expect(try stage.rows() == rows)
      // What stays joins the network in which the new one is.
      #expect(try await stage.networks(of: db) == ["\(stage.project)_default", network])
      let shown = try stage.berth("exec", "shop", "--service", "db", "--", "wget", "-qO-", "http://web:8080/")
      #expect(shown.output.contains("ahoy"), "\(shown.output)\(shown.errors)")
      #expect(try stage.berth("plan", "-f", "shop.yaml", "--detailed-exitcode").status == 0)

      // The database's container goes, and what it wrote stays.
      try stage.edit("primary", to: "replica")
      #expect(try stage.berth("apply", "-f", "shop.yaml").status == 0)
      #expect(try await stage.stamps() == [])
      var later = try stage.rows()
      #expect(later.first == rows.first && later.count == 2)

      // That the volume is gone that says where the data is makes nothing of it forgotten.
      try await stage.engine.client.volumes.remove("\(stage.engine.namespace)_shop_data")

      // Back to the first release, which is what was adopted.
      let back = try stage.berth("rollback", "shop", "--to", "1")
      #expect(back.status == 0, "\(back.output)\(back.errors)")
      later = try stage.rows()
      #expect(later.first == rows.first && later.count == 3)
      lives = try await stage.livesOfBerth()
      #expect(lives.map(\.isRunning) == [true, true])

      // The data goes when that is said, and not before.
      let data = "\(stage.project)_data"
      #expect(try stage.berth("destroy", "shop", "--yes").status == 0)
      #expect(try await stage.engine.client.volumes.inspect(data).name == data)
      #expect(try stage.berth("destroy", "shop", "--volumes", "--yes").status == 0)
      await #expect(throws: DockerError.self) { try await stage.engine.client.volumes.inspect(data) }
      #expect(try await stage.engine.things() == [])
    }
  }

  @Test("What differs is told and changed afterwards") func whatDiffersIsToldAndChangedAfterwards()
    async throws
  {
    try await moving { stage in
      let before = try await stage.livesOfCompose()
      try stage.edit("GREETING: hello", to: "GREETING: welcome")
      let plan = try stage.berth("plan", "-f", "shop.yaml", "--adopt-from", stage.project)
      #expect(plan.output.contains("± replace web"), "\(plan.output)\(plan.errors)")
      #expect(plan.output.contains(#""hello" → "welcome""#), "\(plan.output)")
      #expect(!plan.output.contains("replace db"), "\(plan.output)")
      let adopted = try stage.adopt()
      #expect(adopted.status == 0, "\(adopted.output)\(adopted.errors)")
      let lives = try await stage.livesOfBerth()
      #expect(lives[0] == before[0] && lives[1] != before[1])
      #expect(try await stage.stamps() == ["berth.adopted_\(before[0].id)"])
    }
  }

  @Test("Another value of a secret is a difference, and its value is not shown")
  func aSecretIsCompared() async throws {
    try await moving { stage in
      // The key that secrets are compared by is made by the first apply.
      try stage.engine.sandbox.write(
        "other.yaml",
        "name: other\nservices: [{name: idle, image: \"berth-test/busybox:1\", command: [sleep, \"1000\"]}]\n"
      )
      #expect(try stage.berth("apply", "-f", "other.yaml").status == 0)
      defer { _ = try? stage.berth("destroy", "other", "--yes") }
      let same = try stage.berth("plan", "-f", "shop.yaml", "--adopt-from", stage.project)
      #expect(!same.output.contains("replace web"), "\(same.output)\(same.errors)")
      stage.engine.sandbox.environment["API_TOKEN"] = "another-value"
      let other = try stage.berth("plan", "-f", "shop.yaml", "--adopt-from", stage.project)
      #expect(other.output.contains("replace web"), "\(other.output)\(other.errors)")
      #expect(!other.output.contains("another-value"))
    }
  }

  @Test(
    "Killed anywhere, the next apply goes on: nothing restarts, nothing is there twice, and no row is lost")
  func anAdoptionCanBeKilled() async throws {
    try await moving { stage in
      let before = try await stage.livesOfCompose()
      for round in 0..<6 {
        let process = try stage.engine.sandbox.start([
          "apply", "-f", "shop.yaml", "--adopt-from", stage.project, "-n", stage.engine.namespace,
        ])
        usleep(UInt32(60_000 * (round + 1)))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let ids = Set(try await stage.engine.client.containers.list(all: true).map(\.id))
        #expect(before.allSatisfy { ids.contains($0.id) })
      }
      let adopted = try stage.adopt("--lock-timeout", "60s")
      #expect(adopted.status == 0, "\(adopted.output)\(adopted.errors)")
      #expect(try await stage.livesOfBerth() == before)
      #expect(try await stage.stamps().count == 2)
      #expect(try await stage.engine.containers().count == 2)
      #expect(try stage.rows().count == 1)
      let again = try stage.berth("plan", "-f", "shop.yaml", "--detailed-exitcode")
      #expect(again.status == 0, "\(again.output)\(again.errors)")
    }
  }

  @Test("What is left of a project is not made anew beside itself, but adopted")
  func nothingIsMadeBesideWhatIsLeft() async throws {
    try await moving { stage in
      let before = try await stage.livesOfCompose()
      let whole = try #require(stage.engine.sandbox.contents("shop.yaml"))
      try stage.engine.sandbox.write(
        "shop.yaml",
        """
        name: shop
        services:
          - name: db
            image: berth-test/busybox:1
            args: [sh, -c, 'echo "row of $(hostname)" >> /data/rows; while :; do sleep 0.2; done']
            env: {MODE: primary}
            volumes: [{name: data, mountPath: /data, type: persistent}]
        """)
      let part = try stage.adopt()
      #expect(part.status == 0 && part.output.contains("W0651"), "\(part.output)\(part.errors)")
      #expect(try await stage.life(of: "\(stage.project)-web-1") == before[1])
      // Without the port, which is taken, nothing else keeps it from being made.
      let lines = whole.split(separator: "\n").filter { !$0.contains("18943") && !$0.contains("address:") }
      try stage.engine.sandbox.write("shop.yaml", lines.joined(separator: "\n") + "\n")
      let beside = try stage.berth("plan", "-f", "shop.yaml")
      #expect(beside.status == 1 && beside.errors.contains("E0652"), "\(beside.output)\(beside.errors)")
      try stage.engine.sandbox.write("shop.yaml", whole)
      let rest = try stage.adopt()
      #expect(rest.status == 0, "\(rest.output)\(rest.errors)")
      #expect(try await stage.livesOfBerth()[1] == before[1])
      #expect(try stage.rows().first?.hasPrefix("row of") == true)
    }
  }

  @Test("Without being asked nothing of compose is touched") func withoutBeingAskedNothingOfComposeIsTouched()
    async throws
  {
    try await moving { stage in
      let before = try await stage.livesOfCompose()
      let plan = try stage.berth("plan", "-f", "shop.yaml")
      #expect(!plan.output.contains("adopt db"), "\(plan.output)")
      #expect(try await stage.livesOfCompose() == before)
      // Another workload's containers are not taken over.
      #expect(try stage.adopt().status == 0)
      let text = try #require(stage.engine.sandbox.contents("shop.yaml"))
      try stage.engine.sandbox.write("other.yaml", text.replacing("name: shop", with: "name: other"))
      let refused = try stage.berth("plan", "-f", "other.yaml", "--adopt-from", stage.project)
      #expect(refused.status == 1 && refused.errors.contains("E0650"), "\(refused.output)\(refused.errors)")
      #expect(try await stage.livesOfBerth() == before)
    }
  }
}
