import DockerAPI
import Engine
import Planning
import ProviderKit
import Secrets
import Synchronization
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// Secrets that are a part of a text: a variable, or a config file.
@Suite(.serialized, TestEngine.isThere) struct SecretTextTests {
  /// The secrets of one test.
  private final class Values: SecretResolver {
    private let values = Mutex(["test:env": "one", "test:file": "uno"])
    func set(_ key: String, _ value: String) { values.withLock { $0[key] = value } }
    func value(of key: String, in namespace: String) async throws -> SecretValue? {
      values.withLock { $0[key] }.map { SecretValue(bytes: Array($0.utf8)) }
    }
  }

  private static let workload = Workload.of(
    .idle("api") {
      var file = ConfigFile()
      file.name = "app"
      file.path = "/etc/app.conf"
      file.content = "password = ${secret.test:file}\nroot = ${root}/data\n"
      $0.configFiles = [file]
      $0.env = ["URL": "db://ada:${secret.test:env}@db/shop"]
    },
    .idle("envoy", role: .sidecar))

  private static func changes(_ values: Values, _ world: DockerWorld) async throws -> [Change] {
    try await EngineReader(reader: world.provider, target: "docker", secrets: SecretResolvers([values])).plan(
      WorkloadRequest(key: world.key, goal: .spec(workload, services: nil))
    ).actions.flatMap(\.changes)
  }

  private static func apply(_ values: Values, _ world: DockerWorld) async throws {
    let result = try await Engine(
      provider: world.provider, target: "docker", secrets: SecretResolvers([values])
    ).apply(WorkloadRequest(key: world.key, goal: .spec(workload, services: nil)))
    #expect(result.outcome == .succeeded, "\(result.failures)")
  }

  /// What a look for drift finds.
  private static func drift(_ values: Values, _ world: DockerWorld, deeply: Bool) async throws -> [Change] {
    try await EngineReader(reader: world.provider, target: "docker", secrets: SecretResolvers([values]))
      .drift(of: world.key, deeply: deeply).actions.flatMap(\.changes)
  }

  @Test("A value that moved is seen and handed over") func aValueThatMovedIsSeenAndHandedOver() async throws {
    try await withDocker { world in
      let values = Values()
      try await Self.apply(values, world)
      #expect(try await Self.changes(values, world).isEmpty)
      values.set("test:env", "two")
      let one = try await Self.changes(values, world)
      #expect(one.map(\.path).map { $0.hasSuffix("env.URL") } == [true])
      #expect(one.map(\.causes) == [[.external]])
      values.set("test:file", "due")
      let both = try await Self.changes(values, world)
      #expect(both.count == 2 && both.allSatisfy { $0.old == .secret && $0.new == .secret })
      try await Self.apply(values, world)
      #expect(try await Self.changes(values, world).isEmpty)
      #expect(try await Self.drift(values, world, deeply: true).isEmpty)
    }
  }

  @Test("A file that a program in the container changed is seen and not shown")
  func aFileThatSomebodyChangedIsSeenAndNotShown()
    async throws
  {
    try await withDocker { world in
      let values = Values()
      try await Self.apply(values, world)
      for deeply in [true, false] {
        #expect(try await Self.drift(values, world, deeply: deeply).isEmpty)
      }
      // Written to and the same is no difference.
      _ = try await world.output(
        of: "cp /etc/app.conf /tmp/app; chmod 600 /etc/app.conf; cat /tmp/app > /etc/app.conf", in: "api")
      #expect(try await Self.drift(values, world, deeply: false).isEmpty)
      _ = try await world.output(
        of: "echo hers >> /etc/app.conf; touch -d @\(GivenFile.modified) /etc/app.conf", in: "api")
      #expect(try await Self.drift(values, world, deeply: false).isEmpty)
      let changes = try await Self.drift(values, world, deeply: true)
      #expect(changes.map(\.causes) == [[.drift]])
      #expect(!"\(changes)".contains("uno") && !"\(changes)".contains("hers"))
    }
  }
}
