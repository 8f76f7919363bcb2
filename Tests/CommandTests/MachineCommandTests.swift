import Foundation
import Testing
import Values

/// Groups of machines, as the example of `examples/machines` has them, and a person has them done.
@Suite struct MachineCommandTests {
  let sandbox: Sandbox
  private static let folder = Sandbox.project + "/examples/machines"

  init() throws { sandbox = try Sandbox() }

  private func run(_ command: String, on target: String = "mock", _ more: String...) throws -> Sandbox.Result
  {
    try sandbox.berth([command, "--config", Self.folder + "/berth.yaml", "-t", target] + more)
  }

  private func apply(on target: String = "mock", _ more: String...) throws -> Sandbox.Result {
    try sandbox.berth(
      ["apply", "-f", Self.folder + "/workers.yaml", "--config", Self.folder + "/berth.yaml", "-t", target]
        + more)
  }

  /// The machines of the group, as `status` tells them.
  private func machines(on target: String = "mock") throws -> [Value] {
    let status = try run("status", on: target, "workers", "--format", "json").json
    return (status["instances"]?.list ?? []).compactMap { $0["services"]?.list?.first }
  }

  private func ids(on target: String = "mock") throws -> [String] {
    try machines(on: target).compactMap { $0["machine"]?["id"]?.string }
  }

  /// Changes by hand what the file of mock machines has of one.
  private func edit(_ id: String, _ key: String, _ value: Any) throws {
    let url = URL(fileURLWithPath: sandbox.home + "/mock/mock/machines/machines.json")
    var contents = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    var machines = try #require(contents["machines"] as? [[String: Any]])
    let index = try #require(machines.firstIndex { $0["id"] as? String == id })
    machines[index][key] = value
    contents["machines"] = machines
    try JSONSerialization.data(withJSONObject: contents).write(to: url)
  }

  @Test("A plan touches nothing") func aPlanTouchesNothing() throws {
    let plan = try sandbox.berth(
      "plan", "-f", Self.folder + "/workers.yaml", "--config", Self.folder + "/berth.yaml", "-t", "mock",
      "--detailed-exitcode")
    #expect(plan.status == 2, "\(plan.errors)")
    #expect(plan.output.contains("Plan: 3 to create."), "\(plan.output)")
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))
  }

  @Test("A group comes, is left alone, is rolled one at a time, and goes back") func aGroupIsRolled() throws {
    let first = try apply()
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    let made = try ids()
    // They are made at once, and numbered as they come.
    #expect(Set(made) == ["m-1", "m-2", "m-3"])
    #expect(try apply().output.contains("No changes:"))
    let rolled = try apply("--var", "image=bash")
    #expect(rolled.status == 0, "\(rolled.output)\(rolled.errors)")
    #expect(rolled.output.contains("machine.image"), "\(rolled.output)")
    let next = try machines()
    #expect(next.map { $0["machine"]?["image"]?.string } == ["bash", "bash", "bash"])
    #expect(Set(try ids()).isDisjoint(with: made))
    let back = try run("rollback", "workers")
    #expect(back.status == 0, "\(back.errors)")
    #expect(try machines().map { $0["machine"]?["image"]?.string } == ["sh", "sh", "sh"])
    let history = try run("history", "workers", "--format", "json").json.list ?? []
    #expect(history.first?["restoredFrom"]?.int == 1)
    #expect(history.compactMap { $0["number"]?.int } == [3, 2, 1])
  }

  @Test("An image that does not come up is taken back, and the machines that work stay") func aFailingImage()
    throws
  {
    #expect(try apply().status == 0)
    let before = try ids()
    let failed = try apply("--var", "image=broken", "--atomic")
    #expect(failed.status == 1)
    #expect((failed.output + failed.errors).contains("does not come up"), "\(failed.output)\(failed.errors)")
    #expect(try ids() == before)
    #expect(try machines().allSatisfy { $0["isReady"] == true })
  }

  @Test("What another hand stopped is started, and what it ended is made anew") func drift() throws {
    #expect(try apply().status == 0)
    try edit("m-2", "state", "stopped")
    try edit("m-3", "state", "terminated")
    try edit("m-3", "reason", "Client.UserInitiatedShutdown")
    let drift = try run("drift", "workers", "--detailed-exitcode")
    #expect(drift.status == 2, "\(drift.output)\(drift.errors)")
    #expect(drift.output.contains("Client.UserInitiatedShutdown"), "\(drift.output)")
    #expect(try run("status", "workers").output.contains("stopped"))
    let mended = try apply()
    #expect(mended.status == 0, "\(mended.output)\(mended.errors)")
    #expect(Set(try ids()) == ["m-1", "m-2", "m-4"])
    #expect(try machines().allSatisfy { $0["isReady"] == true })
    #expect(try run("drift", "workers", "--detailed-exitcode").status == 0)
  }

  @Test("A machine that its cloud finds broken gives way to another one") func aBrokenMachine() throws {
    #expect(try apply().status == 0)
    try edit("m-2", "check", "the disk is full of errors")
    let plan = try run("drift", "workers")
    #expect(plan.output.contains("the disk is full of errors"), "\(plan.output)")
    let mended = try apply()
    #expect(mended.status == 0, "\(mended.output)\(mended.errors)")
    #expect(Set(try ids()) == ["m-1", "m-3", "m-4"])
  }

  @Test("Operators stop, start, restart, scale, suspend and destroy a group") func operators() throws {
    #expect(try apply().status == 0)
    let before = try machines().compactMap { $0["machine"]?["addresses"] }
    #expect(try run("stop", "workers").status == 0)
    #expect(try machines().map { $0["state"]?.string } == ["stopped", "stopped", "stopped"])
    #expect(try apply().output.contains("No changes:"))
    #expect(try run("start", "workers").status == 0)
    let after = try machines().compactMap { $0["machine"]?["addresses"] }
    #expect(after.count == 3 && zip(before, after).allSatisfy { $0 != $1 })
    let restarted = try run("restart", "workers")
    #expect(restarted.status == 0, "\(restarted.errors)")
    #expect(Set(try ids()) == ["m-1", "m-2", "m-3"])
    let listed = try run("list", "--format", "json").json["workloads"]?.list ?? []
    #expect(listed.map { $0["workload"]?.string } == ["workers"])
    #expect(try run("suspend", "workers", "--reason", "a look at the disks").status == 0)
    #expect(try apply("--var", "image=bash").status == 1)
    #expect(try run("unsuspend", "workers").status == 0)
    let refused = try run("exec", "workers", "--", "true")
    #expect(refused.status == 1 && refused.errors.contains("lacks the capability `exec`"), "\(refused)")
    let gone = try run("destroy", "workers", "--yes")
    #expect(gone.status == 0, "\(gone.output)\(gone.errors)")
    #expect(try run("status", "workers").output.contains("no instances"))
  }

  @Test("A workload of services is refused by what holds machines alone") func services() throws {
    try sandbox.write("shop.yaml", "name: shop\nservices: [{name: api, command: [/bin/true]}]\n")
    let refused = try run("plan", "-f", "shop.yaml")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("error[E0601]: the provider `mock` holds no `services`"), "\(refused)")
  }

  private static let hasTmux = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"].contains {
    access($0 + "/tmux", X_OK) == 0
  }

  @Test(
    "The same group runs in tmux, and its lines can be read",
    .enabled(if: hasTmux, "there is no tmux on this computer: apt-get install tmux"))
  func theSameGroupRunsInTmux() throws {
    // The server must not be one that the person uses.
    let socket = "/tmp/berth-\(UInt32.random(in: 0...UInt32.max))"
    let config = try sandbox.write(
      "tmux.yaml", "targets: {tmux: {provider: tmux, socket: \(socket), settle: 200ms}}\n")
    func berth(_ arguments: String...) throws -> Sandbox.Result {
      try sandbox.berth(arguments + ["--config", config, "-t", "tmux"])
    }
    defer { _ = try? sandbox.shell("tmux -S \(socket) kill-server; rm -f \(socket)") }
    let file = Self.folder + "/workers.yaml"
    let first = try berth("apply", "-f", file)
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    let logs = try berth("logs", "workers")
    #expect(logs.output.contains("worker w-") && logs.output.contains(" at 127."), "\(logs)")
    #expect(try berth("apply", "-f", file).output.contains("No changes:"))
    let rolled = try berth("apply", "-f", file, "--var", "image=bash")
    #expect(rolled.status == 0, "\(rolled.output)\(rolled.errors)")
    #expect(try berth("rollback", "workers").status == 0)
    #expect(try berth("destroy", "workers", "--yes").status == 0)
    #expect(try berth("status", "workers").output.contains("no instances"))
  }
}
