import Foundation
import Testing
import Values

/// A run that tells a webhook what it does.
@Suite struct WebhookCommandTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    sandbox.environment = ["HOOK_SECRET": "key"]
    try sandbox.write(
      "workload.yaml", "name: shop\nservices: [{name: main, stopGrace: 1s, command: [sleep, '1000']}]\n")
  }

  func configure(_ url: String, _ more: String = "") throws {
    try sandbox.write("berth.yaml", "webhook: {url: \"\(url)\", secret: env:HOOK_SECRET\(more)}\n")
  }

  @Test("Events of a run are posted") func eventsOfARunArePosted() throws {
    let server = try HookServer([.status(500), .status(502)])
    defer { server.close() }
    try configure(server.url)
    #expect(try sandbox.berth("apply", "-f", "workload.yaml").status == 0)
    let events = try server.requests.map { try Value(json: $0.body) }
    // The first one was refused twice.
    #expect(
      events.compactMap { $0["event"]?.string } == [
        "planned", "planned", "planned", "started", "succeeded", "started", "succeeded", "recorded",
        "finished",
      ])
    #expect(events.last?["outcome"]?.string == "succeeded")
    #expect(server.requests.allSatisfy { $0.headers["berth-signature"]?.hasPrefix("t=") == true })
    #expect(Set(server.requests.compactMap { $0.headers["berth-delivery"] }).count == events.count - 2)

    // There is nothing to tell of a workload that is as it should be.
    #expect(try sandbox.berth("apply", "-f", "workload.yaml").status == 0)
    #expect(server.requests.count == events.count)
  }

  @Test("What only looks posts nothing") func whatOnlyLooksPostsNothing() throws {
    let server = try HookServer()
    defer { server.close() }
    try configure(server.url)
    #expect(try sandbox.berth("validate", "-f", "workload.yaml").status == 0)
    #expect(try sandbox.berth("plan", "-f", "workload.yaml", "--out", "plan.json").status == 1)
    #expect(try sandbox.berth("plan", "-f", "workload.yaml").status == 0)
    try configure(server.url, ", events: [progress]")
    #expect(try sandbox.berth("apply", "-f", "workload.yaml").status == 0)
    try configure(server.url)
    #expect(try sandbox.berth("plan", "-f", "workload.yaml", "--out", "plan.json").status == 0)
    for command in ["drift", "status", "history"] { #expect(try sandbox.berth(command, "shop").status == 0) }
    #expect(server.requests.allSatisfy { $0.headers["berth-event"] == "progress" })
  }

  @Test("Only what is wanted is posted") func onlyWhatIsWantedIsPosted() throws {
    let server = try HookServer()
    defer { server.close() }
    try configure(server.url, ", events: [finished]")
    #expect(try sandbox.berth("apply", "-f", "workload.yaml", "--format", "json").status == 0)
    #expect(try sandbox.berth("destroy", "shop", "--yes").status == 0)
    #expect(server.requests.compactMap { $0.headers["berth-event"] } == ["finished", "finished"])
  }

  @Test("A run does not depend on its webhook") func aRunDoesNotDependOnItsWebhook() throws {
    let server = try HookServer()
    server.close()
    try configure("http://127.0.0.1:\(server.port)/path?token=hidden", ", events: [finished]")
    let result = try sandbox.berth("apply", "-f", "workload.yaml")
    #expect(result.status == 0)
    #expect(
      result.errors == "1 of 1 events were not delivered to 127.0.0.1: it refused the connection\n")
    #expect(try sandbox.releaseNumbers("shop") == [1])
  }

  @Test("Without its secret nothing is done") func withoutItsSecretNothingIsDone() throws {
    try configure("http://127.0.0.1:1/")
    sandbox.environment = [:]
    let result = try sandbox.berth("apply", "-f", "workload.yaml")
    #expect(result.status == 1)
    #expect(result.errors.contains("the secret `env:HOOK_SECRET` of the webhook has no value"))
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))
    // Looking needs no secret.
    #expect(try sandbox.berth("plan", "-f", "workload.yaml").status == 0)
  }
}
