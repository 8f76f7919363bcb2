import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct SecretTests {
  let bench = Bench()

  @Test func aChangedValueIsSeenWithoutBeingStored() async throws {
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

  @Test func aPlanThatCanNotSeeAValueSaysSo() async throws {
    bench.secrets.set("test:token", to: nil)
    let plan = try await bench.plan(.spec(Examples.web, services: nil))
    #expect(plan.notes.contains { $0.message == "the value of the secret `test:token` is checked at apply" })
  }

  @Test func anApplyThatNeedsAMissingValueDoesNothing() async throws {
    bench.secrets.set("test:token", to: nil)
    #expect(try await bench.refusal(of: .spec(Examples.web, services: nil)) == [.unresolvedSecret])
    #expect(bench.provider.performed.isEmpty)
    #expect(try await bench.store.runs(of: bench.key, limit: 1).isEmpty)
    #expect(try await bench.store.lock(of: bench.key) == nil)
  }

  @Test func aValueThatNoActionNeedsMayBeMissing() async throws {
    try await bench.apply(Examples.web)
    bench.secrets.set("test:token", to: nil)
    let result = try await bench.apply(Examples.web("envoy") { $0.env = ["MODE": "edge"] })
    #expect(result.outcome == .succeeded)
    #expect(try await bench.apply(.destroy(volumes: false)).outcome == .succeeded)
  }

  @Test func rollbackUsesTodaysValues() async throws {
    try await bench.apply(Examples.web)
    let first = bench.outline.instance(InstanceID(0))?.service("api")?.secretDigests
    bench.secrets.set("test:token", to: "two")
    try await bench.apply(Examples.web("api") { $0.command = ["/bin/api2"] })
    try await bench.apply(.release(1))
    #expect(bench.outline.instance(InstanceID(0))?.service("api")?.secretDigests != first)
  }

  @Test func standardResolversReadTheEnvironmentAndFiles() async throws {
    setenv("BERTH_TEST_SECRET", "s3cret ", 1)
    #expect(
      try await SecretResolvers.standard.value(of: "env:BERTH_TEST_SECRET").bytes == Array("s3cret ".utf8))
    let path = "/tmp/berth-test-secret-\(getpid())"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    let bytes: [UInt8] = [0, 255, 10]
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    defer { unlink(path) }
    #expect(try await SecretResolvers.standard.value(of: "file:\(path)").bytes == bytes)
  }

  @Test(arguments: ["env:BERTH_TEST_NOT_SET", "file:/nowhere/at/all", "vault/key", ""])
  func aKeyWithoutAValueIsAnError(_ key: String) async throws {
    let error = try await #require(throws: SecretError.self) {
      try await SecretResolvers.standard.value(of: key)
    }
    #expect(error.key == key)
  }
}
