import Testing
import WorkloadSpec

/// The commands of an operator who keeps a workload going.
@Suite struct OperatorCommandTests {
  let sandbox: Sandbox
  let web = Sandbox.project + "/examples/web/workload.yaml"
  let ledger = Sandbox.project + "/examples/stateful/workload.yaml"

  init() throws { sandbox = try Sandbox() }

  func states(_ workload: String) throws -> [String: String] {
    try sandbox.services(workload).compactMapValues { $0["state"]?.string }
  }

  @Test("A lock that is free is said to be so, and no question is asked")
  func aFreeLockNeedsNoConsent() throws {
    let result = try sandbox.berth("unlock", "shop")
    #expect(result.status == 0 && result.output.contains("The lock of shop is free"), "\(result.errors)")
  }

  @Test("What is stopped stays so until it is started") func whatIsStoppedStaysSoUntilItIsStarted() throws {
    #expect(try sandbox.berth("apply", "-f", web).status == 0)
    let stop = try sandbox.berth("stop", "web", "--service", "clock")
    #expect(stop.status == 0, "\(stop.errors)")
    #expect(stop.output.contains("■ stop clock"))
    #expect(
      try states("web") == ["prepare": "stopped", "web": "running", "clock": "stopped", "watch": "running"])

    let change = try sandbox.berth("apply", "-f", web, "--var", "tick=1")
    #expect(change.output.contains("update clock, which stays stopped"), "\(change.output)")
    #expect(try states("web")["clock"] == "stopped")
    #expect(try sandbox.berth("status", "web").output.contains("stopped until it is started: clock"))
    #expect(try sandbox.berth("history", "web").output.contains("stopped until it is started: clock"))

    let before = try sandbox.processIDs("web")
    #expect(try sandbox.berth("start", "web").status == 0)
    #expect(try states("web")["clock"] == "running")
    #expect(try sandbox.processIDs("web")["web"] == before["web"])

    #expect(try sandbox.berth("restart", "web", "--service", "web").status == 0)
    let after = try sandbox.processIDs("web")
    #expect(after["web"] != nil && after["web"] != before["web"])
    #expect(after["watch"] == before["watch"])
    #expect(try sandbox.releaseNumbers("web") == [1, 2])
    #expect(try sandbox.berth("stop", "web", "--service", "wach").errors.contains("did you mean `watch`?"))
  }

  @Test("A suspended workload says why") func aSuspendedWorkloadSaysWhy() throws {
    #expect(try sandbox.berth("apply", "-f", ledger).status == 0)
    #expect(try sandbox.berth("suspend", "ledger", "--reason", "counting money").status == 0)
    for arguments in [
      ["apply", "-f", ledger], ["scale", "ledger", "--replicas", "1"], ["rollback", "ledger", "--to", "1"],
    ] {
      let refused = try sandbox.berth(arguments)
      #expect(refused.status == 1 && refused.errors.contains("E0612"), "\(arguments)")
      #expect(refused.errors.contains("counting money"))
    }
    #expect(try sandbox.berth("plan", "-f", ledger).output.contains("counting money"))
    let list = try sandbox.berth("list", "--state", "suspended", "--format", "json").json
    let listed = list["workloads"]?.list?.first
    #expect(listed?["workload"]?.string == "ledger")
    #expect(listed?["operatorState"]?["suspension"]?["reason"]?.string == "counting money")
    #expect(list["nextCursor"] == .null)
    #expect(try sandbox.berth("unsuspend", "ledger").status == 0)
    #expect(try sandbox.berth("list", "--state", "suspended").output == "No workloads.\n")
    #expect(try sandbox.berth("apply", "-f", ledger).output.contains("No changes:"))
  }

  @Test("A stateful set keeps what each instance wrote") func aStatefulSetKeepsWhatEachInstanceWrote() throws
  {
    func starts(_ ordinal: Int) -> String? {
      sandbox.contents("home/local/volumes/default_ledger_data_\(ordinal)/data/starts")
    }
    #expect(try sandbox.berth("apply", "-f", ledger).status == 0)
    #expect(starts(0) == "0\n" && starts(1) == "1\n")
    let grown = try sandbox.berth("scale", "ledger", "--replicas", "3")
    #expect(grown.status == 0, "\(grown.errors)")
    let shrunk = try sandbox.berth("scale", "ledger", "--replicas", "1")
    #expect(shrunk.output.contains("Detached and kept: volumes data (instance 1), data (instance 2)."))
    let status = try sandbox.berth("status", "ledger", "--format", "json").json
    #expect(status["instances"]?.list?.count == 1)
    #expect(status["volumes"]?.list?.map { $0["isDetached"]?.bool } == [false, true, true])
    // The file says two: it wins over what was scaled by hand, and finds the old volume.
    #expect(try sandbox.berth("apply", "-f", ledger).status == 0)
    #expect(starts(0) == "0\n" && starts(1) == "1\n1\n" && starts(2) == "2\n")
    let stop = try sandbox.berth("stop", "ledger")
    let order = stop.output.split(separator: "\n").filter { $0.hasPrefix("✓ stop ledger") }
    #expect(order.map { $0.contains("instance 1") } == [true, false])
    #expect(try sandbox.berth("start", "ledger").status == 0)
    #expect(starts(0) == "0\n0\n" && starts(1) == "1\n1\n1\n")
    #expect(try sandbox.berth("destroy", "ledger", "--yes").status == 0)
    #expect(starts(2) == "2\n")
    #expect(try sandbox.berth("destroy", "ledger", "--volumes", "--yes").status == 0)
    #expect((0..<3).allSatisfy { starts($0) == nil })
  }
}
