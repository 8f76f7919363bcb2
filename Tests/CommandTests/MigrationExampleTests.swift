import Foundation
import Testing

/// What a stranger would try with the example of a migration, with the same file on every engine: the data is never behind
/// those that read it, wherever `berth` is killed.
@Suite(.serialized) struct MigrationExampleTests {
  @Test("On local processes") func onLocalProcesses() throws {
    let stage = try LocalStage()
    defer { _ = try? stage.sandbox.berth("destroy", "ledger", "--volumes", "--yes") }
    try play(on: stage)
  }

  @Test("On a Docker engine", DockerStage.isThere) func onADockerEngine() async throws {
    try await DockerStage().use { try play(on: $0) }
  }

  private func play(on stage: any Stage) throws {
    let file = [
      "-f", Sandbox.project + "/examples/migration/workload.yaml", "--var", "image=berth-test/busybox:1",
    ]
    func berth(_ command: String, _ more: String...) throws -> Sandbox.Result {
      try stage.sandbox.berth([command] + stage.place + more)
    }
    func apply(_ schema: Int) throws -> Sandbox.Result {
      try stage.sandbox.berth(
        ["apply"] + file + ["--var", "schema=\(schema)", "--lock-timeout", "60s"] + stage.place)
    }
    func plan(_ schema: Int) throws -> Sandbox.Result {
      try stage.sandbox.berth(["plan"] + file + ["--var", "schema=\(schema)"] + stage.place)
    }
    func releases() throws -> Int? {
      try berth("history", "ledger", "--format", "json").json.list?.count
    }
    func data(_ ordinal: Int = 0) throws -> String {
      try berth(
        "exec", "ledger", "--instance", "\(ordinal)", "--", "/bin/sh", "-c", "cat \"$BERTH_ROOT/data/schema\""
      ).output
    }

    // The plan shows what runs first; a plan without changes does not run it.
    #expect(try plan(1).output.contains("» run migrate"))
    let first = try apply(1)
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    #expect(try data() == "1\n" && data(1) == "1\n")
    #expect(try apply(1).output.contains("No changes:"))

    // Killed in the middle of the migration, or of what comes after it: the next apply ends it all the same.
    for (schema, delay) in [(3, 0.7), (5, 1.2), (7, 2.5)] {
      let process = try stage.sandbox.start(["apply"] + file + ["--var", "schema=\(schema)"] + stage.place)
      usleep(UInt32(delay * 1_000_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let again = try apply(schema)
      #expect(again.status == 0, "\(schema): \(again.output)\(again.errors)")
      #expect(try data() == "\(schema)\n" && data(1) == "\(schema)\n")
      #expect(try plan(schema).output.contains("No changes:"))
    }

    // What it did is done once, however often it ran.
    let log = try berth("logs", "ledger", "--service", "migrate").output
    for schema in 1...7 {
      #expect(
        log.split(separator: "\n").count { $0.hasSuffix("migrated to schema \(schema)") } <= 1, "\(log)")
    }

    // Going back leaves the data, unless it is asked for; and what fails then changes nothing.
    let count = try releases()
    let refused = try berth("rollback", "ledger", "--run-before")
    #expect(
      refused.status == 1 && refused.output.contains("newer than 5"), "\(refused.output)\(refused.errors)")
    #expect(try data() == "7\n")
    #expect(try releases() == count)
    let back = try berth("rollback", "ledger", "--to", "1")
    #expect(back.status == 0, "\(back.output)\(back.errors)")
    #expect(try data() == "7\n")
  }
}
