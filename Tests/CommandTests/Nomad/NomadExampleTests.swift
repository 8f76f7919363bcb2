import Foundation
import NomadFake
import Testing

/// What a stranger would try with the Nomad example, on a cluster in memory.
@Suite struct NomadExampleTests {
  private static let folder = Sandbox.project + "/examples/nomad"

  @Test("The example runs as its first lines say") func theExampleRuns() async throws {
    try await NomadStage(runsTasks: false).use { stage in
      stage.sandbox.environment["NOMAD_ADDR"] = "http://127.0.0.1:\(stage.port)"
      let common = ["--config", Self.folder + "/berth.yaml"]
      func berth(_ arguments: String...) throws -> String {
        let result = try stage.sandbox.berth(arguments + common)
        #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
        return result.output
      }
      let file = Self.folder + "/workload.yaml"
      let plan = try berth("plan", "-f", file)
      #expect(plan.contains("» run check"), "\(plan)")
      #expect(stage.writes == [])
      #expect(try berth("apply", "-f", file).contains("✓ release 1"))
      #expect(stage.cluster.running("web").count == 2)
      #expect(try berth("apply", "-f", file).contains("No changes:"))
      #expect(try berth("apply", "-f", file, "--var", "greeting=Good evening").contains("✓ release 2"))
      #expect(try berth("status", "web").contains("ready"))
      #expect(try berth("rollback", "web").contains("✓ release 3"))
      #expect(try berth("destroy", "web", "--yes").contains("web"))
      #expect(stage.cluster.jobs == [] && stage.cluster.breaches == [])
    }
  }
}
