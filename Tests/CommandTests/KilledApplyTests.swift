import Foundation
import TestSupport
import Testing

/// Promise 4 with the real program: `kill -9` of commands at any moment, and the same command again.
@Suite struct KilledApplyTests {
  /// How long kills are tried, in seconds.
  private static let patience: Double = Thoroughness.isFull ? 600 : 40

  /// Applies, updates, rollbacks, scalings, stops, starts and destroys, each killed at random moments or when the
  /// journal grew: every one comes to its end, with nothing twice, nothing left over and no number left out.
  @Test("The same command again reaches the same end") func theSameCommandAgainReachesTheSameEnd()
    async throws
  {
    let seed = UInt64.random(in: 1...999_999)
    let soak = Soak(
      seed: seed, on: try LocalSoakStage(), troubles: [.killedCommands], killsPerCommand: 2...5, longest: 1)
    let end = Date().addingTimeInterval(Self.patience)
    var failures = 0
    while Date() < end || soak.kills < 10 {
      do { try await soak.step() } catch {
        failures += 1
        Issue.record("\(error)")
        break
      }
    }
    print(
      "kills of the program: \(soak.kills) in \(soak.steps) commands, \(failures) failures (seed \(seed))")
  }

  /// A workload whose processes listen, have health checks and take their time.
  @Test("The web example survives kills") func theWebExampleSurvivesKills() throws {
    let sandbox = try Sandbox()
    let file = Sandbox.project + "/examples/web/workload.yaml"
    // How long a whole apply takes here decides which moments are worth trying.
    let started = ContinuousClock.now
    #expect(try sandbox.berth("apply", "-f", file, "--var", "tick=1").status == 0)
    let whole = max(Double((ContinuousClock.now - started).components.seconds), 1)
    var random = SystemRandomNumberGenerator()
    for round in 0..<6 {
      let value = ["1", "2", "5"][round % 3]
      let greeting = "Round \(round)"
      let arguments = ["apply", "-f", file, "--var", "tick=\(value)", "--var", "greeting=\(greeting)"]
      let process = try sandbox.start(arguments)
      usleep(UInt32(Double.random(in: 0...whole, using: &random) * 1_000_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()

      let again = try sandbox.berth(arguments)
      #expect(again.status == 0, "round \(round): \(again.output)\(again.errors)")
      #expect(
        try sandbox.berth(
          "plan", "-f", file, "--var", "tick=\(value)", "--var", "greeting=\(greeting)", "--detailed-exitcode"
        ).status == 0)
      let numbers = try sandbox.releaseNumbers("web")
      #expect(numbers == (1...Int64(numbers.count)).map { $0 }, "round \(round): \(numbers)")
    }
    #expect(try sandbox.releaseNumbers("web").count == 7)
    // One set of processes: what runs in the sandbox is what status tells, and nothing besides.
    let told = Set(try sandbox.processIDs("web").values)
    #expect(told.count == 3)
    #expect(Set(try Census(home: sandbox.home).members.map(\.pid)) == told)
  }

  @Test("Workloads that refer to one another survive kills, and find each other afterwards")
  func workloadsThatReferToOneAnotherSurviveKills() throws {
    let sandbox = try Sandbox()
    func write(_ round: Int) throws {
      let port = round.isMultiple(of: 2) ? "container: 80" : "container: 80, host: \(25_000 + round)"
      func service(_ name: String, _ more: String) -> String {
        "name: \(name)\nservices: [{name: main, stopGrace: 1s, command: [/bin/sh, -c, 'exec sleep 1000'], \(more)}]\n"
      }
      let db = service("db", "ports: [{\(port)}], env: {ROUND: \"\(round)\"}")
      let web = service("web", "env: {DB: \"${address.db/main.80}\", ROUND: \"\(round / 3)\"}")
      try sandbox.write("all.yaml", db + "---\n" + web)
    }
    try write(0)
    let arguments = ["apply", "-f", "all.yaml", "--timeout", "20s"]
    let started = ContinuousClock.now
    #expect(try sandbox.berth(arguments).status == 0)
    let whole = max(Double((ContinuousClock.now - started).components.seconds), 1)
    var random = SystemRandomNumberGenerator()
    for round in 1...8 {
      try write(round)
      let process = try sandbox.start(arguments)
      usleep(UInt32(Double.random(in: 0...whole, using: &random) * 1_000_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()

      let again = try sandbox.berth(arguments)
      #expect(again.status == 0, "round \(round): \(again.output)\(again.errors)")
      #expect(try sandbox.berth("plan", "-f", "all.yaml", "--detailed-exitcode").status == 0)
      let port = try sandbox.services("db")["main"]?["endpoints"]?.list?.first?["host"]?.int
      let given = try sandbox.berth("exec", "web", "--", "/bin/sh", "-c", "echo $DB").output
      let address = given.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(address == "127.0.0.1:\(port ?? 0)", "round \(round)")
    }
    let told = try ["db", "web"].flatMap { try sandbox.processIDs($0).values }
    #expect(Set(try Census(home: sandbox.home).members.map(\.pid)) == Set(told) && told.count == 2)
  }

  /// Each at one of the requests by which it changes something, of which the cluster gets no more.
  @Test("Commands on a cluster survive kills at their requests", KubernetesStage.isThere)
  func commandsOnAClusterSurviveKills() async throws { try await DoomedLives<KubernetesStage>.play() }

  @Test("Commands on Nomad survive kills at their requests")
  func commandsOnNomadSurviveKills() async throws { try await DoomedLives<NomadStage>.play() }
}
