import Foundation
import Testing
import Values

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The commands of an operator who watches a new version before it takes over.
@Suite struct RolloutCommandTests {
  let sandbox: Sandbox
  let file = Sandbox.project + "/examples/canary/workload.yaml"

  init() throws { sandbox = try Sandbox() }

  func apply(_ more: String...) throws -> Sandbox.Result { try sandbox.berth(["apply", "-f", file] + more) }

  func instances() throws -> [Value] {
    try sandbox.berth("status", "canary", "--format", "json").json["instances"]?.list ?? []
  }

  func ids() throws -> [String] { try instances().compactMap { $0["id"]?.string } }

  /// What each instance answers at the address that `status` tells.
  func answers() throws -> [String: String] {
    var answers: [String: String] = [:]
    for instance in try instances() {
      let port = instance["services"]?.list?.first?["endpoints"]?.list?.first?["host"]?.int ?? 0
      let url = try #require(URL(string: "http://127.0.0.1:\(port)/"))
      answers[instance["id"]?.string ?? ""] = try String(contentsOf: url, encoding: .utf8)
    }
    return answers
  }

  @Test("A canary is watched and promoted") func aCanaryIsWatchedAndPromoted() throws {
    #expect(try apply().status == 0)
    let plan = try sandbox.berth("plan", "-f", file, "--var", "greeting=Ahoy", "--pause")
    #expect(plan.output.contains("+ create instance 0_g1"), "\(plan.errors)")
    #expect(plan.output.contains("After `berth promote canary`: 2 to create, 3 to delete."))
    #expect(plan.output.contains("Interrupts nothing."))

    let paused = try apply("--var", "greeting=Ahoy", "--pause")
    #expect(paused.status == 0, "\(paused.errors)")
    #expect(paused.output.contains("Paused at canary 1/3"))
    #expect(try answers() == ["0": "Hello\n", "0_g1": "Ahoy\n", "1": "Hello\n", "2": "Hello\n"])
    #expect(try instances().filter { $0["isNew"]?.bool == true }.map { $0["id"]?.string } == ["0_g1"])
    for (instance, words) in [("0", "0 Hello"), ("0_g1", "0_g1 Ahoy"), ("2", "2 Hello")] {
      let told = try sandbox.berth(
        "exec", "canary", "--instance", instance, "--", "sh", "-c",
        "echo $BERTH_INSTANCE $(cat www/index.html)")
      #expect(told.output == words + "\n", "\(instance): \(told.errors)")
    }
    let unknown = try sandbox.berth("exec", "canary", "--instance", "1_g1", "--", "true")
    #expect(unknown.errors.contains("its instances are 0, 0_g1, 1, 2"), "\(unknown.errors)")
    for command in ["status", "history"] {
      #expect(try sandbox.berth(command, "canary").output.contains("paused at canary 1/3"))
    }
    #expect(try sandbox.berth("list").output.contains("berth promote canary"))
    #expect(try sandbox.berth("drift", "canary").output.contains("No drift"))
    #expect(try apply("--var", "greeting=Ahoy", "--pause").output.contains("No changes:"))
    let other = try apply("--var", "greeting=Moin")
    #expect(other.status == 1 && other.errors.contains("E0617"))
    #expect(try sandbox.releaseNumbers("canary") == [1])

    let promoted = try sandbox.berth("promote", "canary")
    #expect(promoted.status == 0, "\(promoted.errors)")
    #expect(try answers() == ["0_g1": "Ahoy\n", "1_g1": "Ahoy\n", "2_g1": "Ahoy\n"])
    #expect(try sandbox.releaseNumbers("canary") == [1, 2])
    #expect(try apply("--var", "greeting=Ahoy").output.contains("No changes:"))
    #expect(try sandbox.berth("promote", "canary").output.contains("no rollout of canary is paused"))
  }

  @Test("A canary that is aborted leaves the others alone") func aCanaryThatIsAbortedLeavesTheOthersAlone()
    throws
  {
    #expect(try apply().status == 0)
    let before = try instances()
    #expect(try apply("--var", "greeting=Ahoy", "--pause").status == 0)
    let aborted = try sandbox.berth("abort", "canary")
    #expect(aborted.status == 0, "\(aborted.errors)")
    #expect(try ids() == ["0", "1", "2"])
    func processes(_ instances: [Value]) -> [Int64?] {
      instances.map { $0["services"]?.list?.first?["processID"]?.int }
    }
    #expect(try processes(instances()) == processes(before))
    #expect(try sandbox.releaseNumbers("canary") == [1])
    #expect(try sandbox.berth("destroy", "canary", "--yes").status == 0)
    #expect(try ids().isEmpty)
  }

  @Test("A second set takes over") func aSecondSetTakesOver() throws {
    let blueGreen = ["--var", "strategy=blue_green"]
    #expect(try sandbox.berth(["apply", "-f", file] + blueGreen).status == 0)
    let change = ["apply", "-f", file, "--var", "greeting=Ahoy"] + blueGreen
    #expect(try sandbox.berth(change + ["--pause"]).output.contains("Paused at blue_green 3/3"))
    #expect(try answers().count == 6)
    // The same without a pause goes on from there.
    let finished = try sandbox.berth(change)
    #expect(finished.status == 0, "\(finished.errors)")
    #expect(try answers() == ["0_g1": "Ahoy\n", "1_g1": "Ahoy\n", "2_g1": "Ahoy\n"])
    #expect(try sandbox.releaseNumbers("canary") == [1, 2])

    // And without any pause it is one step; one that fails goes back.
    let once = try sandbox.berth(["apply", "-f", file] + blueGreen)
    #expect(once.status == 0, "\(once.errors)")
    #expect(try ids() == ["0_g2", "1_g2", "2_g2"])
    let rollback = try sandbox.berth("rollback", "canary")
    #expect(rollback.status == 0, "\(rollback.errors)")
    #expect(try answers().values.allSatisfy { $0 == "Ahoy\n" })
  }
}
