import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Secrets
import Testing
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct SecretTests {
  let bench = Bench()

  @Test("A changed value is seen without being stored") func aChangedValueIsSeenWithoutBeingStored()
    async throws
  {
    try await bench.apply(Examples.web)
    let digest = bench.outline.instance(InstanceID(0))?.service("api")?.secretDigests["env/TOKEN"]
    #expect(digest?.hasPrefix("v1:") == true && digest?.count == 67)
    #expect(try await bench.plan(.spec(Examples.web, services: nil)).isEmpty)
    bench.secrets.set("test:token", to: "two")
    let plan = try await bench.plan(.spec(Examples.web, services: nil))
    #expect(plan.actions.map(\.id.description) == ["restart 0.api"])
    #expect(plan.actions.first?.causes == [.external])
    #expect(plan.actions.first?.changes.first?.new == .secret)
    try await bench.apply(Examples.web)
    #expect(try await bench.plan(.spec(Examples.web, services: nil)).isEmpty)
  }

  @Test("A plan that cannot see a value says so") func aPlanThatCanNotSeeAValueSaysSo() async throws {
    bench.secrets.set("test:token", to: nil)
    let plan = try await bench.plan(.spec(Examples.web, services: nil))
    #expect(
      plan.notes.contains {
        $0.message
          == "the value of the secret `test:token` is checked at apply: here it has no value: it is not set"
      })
    // One that can be seen is not worth a word, also before the target has a key for its digest.
    bench.secrets.set("test:token", to: "token-1")
    #expect(try await bench.plan(.spec(Examples.web, services: nil)).notes.isEmpty)
  }

  @Test("An apply that needs a missing value does nothing") func anApplyThatNeedsAMissingValueDoesNothing()
    async throws
  {
    bench.secrets.set("test:token", to: nil)
    #expect(try await bench.refusal(of: .spec(Examples.web, services: nil)) == [.unresolvedSecret])
    #expect(bench.provider.performed.isEmpty)
    #expect(try await bench.store.runs(of: bench.key, limit: 1).isEmpty)
    #expect(try await bench.store.lock(of: bench.key) == nil)
  }

  @Test("A value that no action needs may be missing") func aValueThatNoActionNeedsMayBeMissing() async throws
  {
    try await bench.apply(Examples.web)
    bench.secrets.set("test:token", to: nil)
    let result = try await bench.apply(Examples.web("envoy") { $0.env = ["MODE": "edge"] })
    #expect(result.outcome == .succeeded)
    #expect(try await bench.apply(.destroy(volumes: false)).outcome == .succeeded)
  }

  @Test("The paused set needs its values too") func thePausedSetNeedsItsValuesToo() async throws {
    try await bench.apply(Examples.pair(.canary))
    bench.secrets.set("test:new", to: "one")
    var token = SecretReference()
    (token.key, token.as) = ("test:new", "NEW")
    let new = Examples.pair(.canary, version: 2) { [token] in $0.services[1].secrets = [token] }
    try await bench.apply(.spec(new, services: nil), pauses: true)
    bench.secrets.set("test:new", to: nil)
    #expect(try await bench.refusal(of: .operation(.restart(.all))) == [.unresolvedSecret])
    try await bench.apply(.operation(.stop(.all)))
    #expect(try await bench.refusal(of: .operation(.start(.all))) == [.unresolvedSecret])
    // The old set needs none.
    #expect(try await bench.apply(.operation(.start(ServiceScope(service: "envoy")))).outcome == .succeeded)
  }

  // MARK: What is certain

  /// Knows some secrets, and that there are no others.
  private struct Certain: SecretResolver {
    var values: [String: String]

    func value(of key: String, in namespace: String) async throws -> SecretValue? {
      guard let value = values["\(namespace)/\(key)"] else {
        throw SecretError(key: key, "it is not there", help: "look elsewhere", isCertain: true)
      }
      return SecretValue(bytes: Array(value.utf8))
    }
  }

  private func plan(_ workload: Workload, _ values: [String: String]) async throws -> Plan {
    try await EngineReader(
      reader: bench.provider, target: "local", secrets: SecretResolvers([Certain(values: values)])
    ).plan(WorkloadRequest(key: bench.key, goal: .spec(workload, services: nil)))
  }

  @Test("What is certainly missing is found by the plan") func whatIsCertainlyMissingIsFoundByThePlan()
    async throws
  {
    let error = await #expect(throws: DiagnosticError.self) { try await plan(Examples.web, [:]) }
    #expect(error?.diagnostics.map(\.code) == [.unresolvedSecret])
    #expect(
      error?.diagnostics.first?.message
        == "the secret `test:token` of `api` has no value: it is not there")
    #expect(error?.diagnostics.first?.help == "look elsewhere")
    // Each namespace has its own.
    await #expect(throws: DiagnosticError.self) { try await plan(Examples.web, ["other/test:token": "x"]) }
    #expect(try await !plan(Examples.web, ["default/test:token": "x"]).isEmpty)
  }

  @Test("What is missing and not needed is a note") func whatIsMissingAndNotNeededIsANote() async throws {
    try await bench.apply(Examples.web)
    let same = try await plan(Examples.web, [:])
    #expect(same.isEmpty)
    #expect(same.notes.map(\.message) == ["the secret `test:token` has no value: it is not there"])
  }

  @Test("A value of the wrong form is found by the plan") func aValueOfTheWrongFormIsFoundByThePlan()
    async throws
  {
    let workload = Examples.web("api") {
      $0.secrets[0].type = .registry
      $0.secrets[0].as = "ghcr.io"
    }
    let error = await #expect(throws: DiagnosticError.self) {
      try await plan(workload, ["default/test:token": "hunter2"])
    }
    #expect(error?.diagnostics.map(\.code) == [.badSecretValue])
    #expect(error?.diagnostics.contains { "\($0.message)\($0.help ?? "")".contains("hunter2") } == false)
    await #expect(throws: DiagnosticError.self) {
      try await plan(Examples.web, ["default/test:token": "null\0"])
    }
    #expect(try await !plan(workload, ["default/test:token": "ada:hunter2"]).isEmpty)
  }

  // MARK: Within texts

  @Test("A secret within a text is handed over and its rotation seen")
  func aSecretWithinATextIsHandedOverAndItsRotationSeen() async throws {
    let workload = Examples.web("api") {
      $0.secrets = []
      $0.env["URL"] = "db://${secret.test:token}@db"
    }
    try await bench.apply(workload)
    #expect(try await bench.releases.last?.snapshot == workload)
    #expect(try await bench.plan(.spec(workload, services: nil)).isEmpty)
    bench.secrets.set("test:token", to: "two")
    let plan = try await bench.plan(.spec(workload, services: nil))
    #expect(plan.actions.map(\.id.description) == ["restart 0.api"])
    #expect(
      plan.actions.first?.changes == [
        Change(path: "env.URL", old: .secret, new: .secret, causes: [.external], impact: .restart)
      ])
    try await bench.apply(workload)
    #expect(try await bench.plan(.spec(workload, services: nil)).isEmpty)
    bench.secrets.set("test:token", to: nil)
    #expect(
      try await bench.refusal(
        of: .spec(Examples.web("api") { $0.env["URL"] = "${secret.test:token}" }, services: nil))
        == [.unresolvedSecret])
  }

  @Test("Rollback uses todays values") func rollbackUsesTodaysValues() async throws {
    try await bench.apply(Examples.web)
    let first = bench.outline.instance(InstanceID(0))?.service("api")?.secretDigests
    bench.secrets.set("test:token", to: "two")
    try await bench.apply(Examples.web("api") { $0.command = ["/bin/api2"] })
    try await bench.apply(.release(1))
    #expect(bench.outline.instance(InstanceID(0))?.service("api")?.secretDigests != first)
  }

  @Test("Standard resolvers read the environment and files")
  func standardResolversReadTheEnvironmentAndFiles() async throws {
    setenv("BERTH_TEST_SECRET", "s3cret ", 1)
    #expect(
      try await SecretResolvers.standard.value(of: "env:BERTH_TEST_SECRET", in: "default").bytes
        == Array("s3cret ".utf8))
    let path = "/tmp/berth-test-secret-\(getpid())"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    let bytes: [UInt8] = [0, 255, 10]
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    defer { unlink(path) }
    #expect(try await SecretResolvers.standard.value(of: "file:\(path)", in: "default").bytes == bytes)
  }

  @Test(
    "A key without a value is an error",
    arguments: ["env:BERTH_TEST_NOT_SET", "file:/nowhere/at/all", "vault/key", ""])
  func aKeyWithoutAValueIsAnError(_ key: String) async throws {
    let error = try await #require(throws: SecretError.self) {
      try await SecretResolvers.standard.value(of: key, in: "default")
    }
    #expect(error.key == key)
  }
}
