import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What a stranger would try with the web example.
@Suite struct WebExampleTests {
  let sandbox: Sandbox
  let file = Sandbox.project + "/examples/web/workload.yaml"

  init() throws { sandbox = try Sandbox() }

  func apply(_ more: String...) throws -> Sandbox.Result { try sandbox.berth(["apply", "-f", file] + more) }

  @Test("Plan touches nothing") func planTouchesNothing() throws {
    let first = try sandbox.berth("plan", "-f", file, "--detailed-exitcode")
    #expect(first.status == 2, "\(first.errors)")
    #expect(first.output.contains("Plan: 4 to create."))
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))

    #expect(try apply().status == 0)
    // The service may write while it lives; what berth keeps must not change.
    let before = sandbox.homeFiles().filter { $0.key.hasSuffix("state.json") || $0.key.hasSuffix("berth.db") }
    let names = Set(sandbox.homeFiles().keys)
    #expect(try sandbox.berth("plan", "-f", file, "--var", "greeting=Hi", "--detailed-exitcode").status == 2)
    #expect(try sandbox.berth("drift", "web").status == 0)
    #expect(try sandbox.berth("history", "web").status == 0)
    #expect(sandbox.homeFiles().filter { before[$0.key] != nil } == before)
    #expect(Set(sandbox.homeFiles().keys) == names)
  }

  @Test("Only what differs is touched") func onlyWhatDiffersIsTouched() throws {
    #expect(try apply().status == 0)
    let before = try sandbox.processIDs("web")
    #expect(Set(before.keys) == ["web", "clock", "watch"])

    let again = try apply()
    #expect(again.status == 0)
    #expect(again.output.contains("No changes:"))
    #expect(try sandbox.processIDs("web") == before)
    #expect(try sandbox.releaseNumbers("web") == [1])

    let changed = try apply("--var", "tick=1")
    #expect(changed.status == 0)
    #expect(changed.output.contains("env.TICK"))
    let after = try sandbox.processIDs("web")
    #expect(after["clock"] != before["clock"])
    #expect(after["web"] == before["web"])
    #expect(after["watch"] == before["watch"])

    let back = try sandbox.berth("rollback", "web")
    #expect(back.status == 0, "\(back.errors)")
    let restored = try sandbox.processIDs("web")
    #expect(restored["web"] == before["web"])
    #expect(restored["watch"] == before["watch"])
    let history = try sandbox.berth("history", "web", "--format", "json").json
    #expect(history.list?.first?["restoredFrom"]?.int == 1)
    #expect(try sandbox.releaseNumbers("web") == [1, 2, 3])
  }

  @Test("A killed service is restarted and counted") func aKilledServiceIsRestartedAndCounted() throws {
    #expect(try apply().status == 0)
    let before = try #require(try sandbox.processIDs("web")["clock"])
    kill(Int32(before), SIGKILL)
    let restarted = try eventually {
      let clock = try sandbox.services("web")["clock"]
      return clock?["restarts"]?.int == 1 && clock?["state"]?.string == "running"
    }
    #expect(restarted)
    #expect(try sandbox.processIDs("web")["clock"] != before)
    #expect(try apply().output.contains("No changes:"))
  }

  @Test("A killed supervisor leaves nothing and is mended") func aKilledSupervisorLeavesNothingAndIsMended()
    throws
  {
    #expect(try apply().status == 0)
    let processes = try sandbox.processIDs("web")
    kill(try sandbox.supervisor(of: "web"), SIGKILL)
    #expect(eventually { processes.values.allSatisfy { !isRunning($0) } })
    let status = try sandbox.berth("status", "web", "--format", "json").json
    #expect(status["state"]?.string == "failed")
    let plan = try sandbox.berth("plan", "-f", file)
    #expect(plan.output.contains("drift"))
    #expect(try apply().status == 0)
    #expect(Set(try sandbox.processIDs("web").keys) == ["web", "clock", "watch"])
    #expect(try sandbox.releaseNumbers("web") == [1])
  }

  @Test("An edited config file is drift") func anEditedConfigFileIsDrift() throws {
    #expect(try apply().status == 0)
    let page = "home/local/instances/default_web_0/services/web/root/www/index.html"
    let original = try #require(sandbox.contents(page))
    chmod(sandbox.folder + "/" + page, 0o600)
    try sandbox.write(page, "<p>by hand\n")
    let drift = try sandbox.berth("drift", "web", "--detailed-exitcode")
    #expect(drift.status == 2)
    #expect(drift.output.contains("configFiles[index].content"))
    #expect(drift.output.contains("drift"))
    #expect(drift.output.contains("by hand"))
    #expect(try apply().status == 0)
    // It is mended where it is, for only one instance may write to the volume.
    #expect(sandbox.contents(page) == original)
    #expect(try sandbox.berth("drift", "web", "--detailed-exitcode").status == 0)
  }

  @Test("The site is served and the volume survives") func theSiteIsServedAndTheVolumeSurvives() async throws
  {
    let applied = try apply("--var", "greeting=Ahoy")
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    let endpoint = try #require(try sandbox.services("web")["web"]?["endpoints"]?.list?.first)
    let port = try #require(endpoint["host"]?.int)
    let url = try #require(URL(string: "http://127.0.0.1:\(port)/index.html"))
    let (page, _) = try await URLSession.shared.data(from: url)
    #expect(String(decoding: page, as: UTF8.self).contains("Ahoy!"))
    #expect(try sandbox.berth("destroy", "web").status == 1)
    #expect(try sandbox.berth("destroy", "web", "--yes").status == 0)
    #expect(sandbox.contents("home/local/volumes/default_web_site/data/prepared") != nil)
    // The history stays, and numbering goes on.
    #expect(try sandbox.berth("rollback", "web", "--to", "1").status == 0)
    #expect(try sandbox.releaseNumbers("web") == [1, 2, 3])
    #expect(try sandbox.berth("destroy", "web", "--volumes", "--yes").status == 0)
    #expect(sandbox.contents("home/local/volumes/default_web_site/data/prepared") == nil)
  }

  @Test("Logs are kept by service") func logsAreKeptByService() throws {
    #expect(try apply().status == 0)
    let prepared = try sandbox.berth("logs", "web", "--service", "prepare")
    #expect(prepared.output.contains("the volume is prepared"))
    #expect(!prepared.output.contains("it is "))
    let found = try eventually { try sandbox.berth("logs", "web", "--tail", "1").output.contains("it is ") }
    #expect(found)
    let unknown = try sandbox.berth("logs", "web", "--service", "wach")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("did you mean `watch`?"))
  }
}
