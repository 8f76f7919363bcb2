import Diagnostics
import DockerAPI
import Engine
import Foundation
import Planning
import ProviderKit
import Synchronization
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// Images from a registry: when they are pulled, what they are known by, and what it takes to be let in.
@Suite(.serialized, TestRegistry.isThere) struct RegistryTests {
  /// A workload of one service that runs an image.
  static func app(_ image: String, _ edit: (inout Service) -> Void = { _ in }) -> Workload {
    var workload = Workload.of(
      .idle("api") {
        $0.image = image
        edit(&$0)
      })
    workload.strategy.maxUnavailable = 1
    return workload
  }

  static func apply(
    _ workload: Workload, on world: DockerWorld, pins: Bool = false, log: Lines = Lines()
  ) async throws -> RunResult {
    try await reach(.spec(workload, services: nil), on: world, pins: pins, log: log)
  }

  static func reach(
    _ goal: Goal, on world: DockerWorld, pins: Bool = false, log: Lines = Lines()
  ) async throws -> RunResult {
    try await world.reach(goal, pins: pins) { log.add($0) }
  }

  static func plan(_ workload: Workload, on world: DockerWorld, pins: Bool = false) async throws -> Plan {
    try await world.plan(workload, pins: pins)
  }

  /// Which of the pushed images runs.
  static func word(_ world: DockerWorld) async throws -> String {
    try await world.output(of: "cat /word", in: "api").trimmingCharacters(in: .newlines)
  }

  // MARK: Pulling

  @Test("What is missing is pulled and nothing else") func whatIsMissingIsPulledAndNothingElse() async throws
  {
    try await withRegistry { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      let digest = try await registry.push(image, saying: "one", by: client)
      // Nobody has pulled it yet: its registry says where the tag leads.
      #expect(
        try await Self.plan(Self.app(image), on: world).images
          == [ImageLead(image: image, resolution: .digests([digest]))])
      let never = Self.app(image) { $0.pullPolicy = .never }
      await #expect(throws: DiagnosticError.self) { try await Self.apply(never, on: world) }

      #expect(try await Self.apply(Self.app(image), on: world).outcome == .succeeded)
      #expect(try await Self.word(world) == "one")
      // A registry that is away is not missed.
      registry.stop()
      let gone = try #require(
        try await Self.plan(Self.app("\(registry.address)/app:2"), on: world).images.first)
      guard case .unknown(let reason) = gone.resolution else {
        Issue.record("nobody could say where it leads")
        return
      }
      #expect(reason.contains("asked in vain"))
      #expect(try await Self.apply(Self.app(image) { $0.env = ["A": "1"] }, on: world).outcome == .succeeded)
      #expect(
        try await Self.apply(
          Self.app(image) {
            $0.pullPolicy = .never
            $0.env = ["A": "2"]
          }, on: world
        ).outcome == .succeeded)
    }
  }

  @Test("A tag that moved is followed only where that is said")
  func aTagThatMovedIsFollowedOnlyWhereThatIsSaid() async throws {
    try await withRegistry { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      let old = try await registry.push(image, saying: "one", by: client)
      let always = Self.app(image) { $0.pullPolicy = .always }
      _ = try await Self.apply(always, on: world)
      #expect(try await Self.apply(always, on: world).outcome == .nothingToDo)
      let new = try await registry.push(image, saying: "two", by: client)
      let plan = try await Self.plan(always, on: world)
      #expect(
        plan.actions.flatMap(\.changes) == [
          Change(
            path: "image.digest", old: .value(.string(old)), new: .value(.string(new)), causes: [.external],
            impact: .replace)
        ])
      #expect(try await Self.apply(always, on: world).outcome == .succeeded)
      #expect(try await Self.word(world) == "two")
      // What the engine has is good enough where that is said.
      let missing = Self.app(image) { $0.env = ["A": "1"] }
      _ = try await Self.apply(missing, on: world)
      try await registry.push(image, saying: "three", by: client)
      let container = EngineNames(key: world.key).container(of: "api", in: InstanceID(0))
      try await client.images.tag(try await client.containers.inspect(container).imageID, as: image)
      #expect(try await Self.plan(missing, on: world).isEmpty)
      #expect(try await Self.word(world) == "two")
    }
  }

  @Test("A pull says how far it is") func aPullSaysHowFarItIs() async throws {
    try await withRegistry { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      try await registry.push(image, saying: "one", by: client)
      // The layers of the test image are on the engine: only one that is not is pulled.
      let big = "\(registry.address)/big:1"
      try await registry.push(big, saying: "big", bytes: 24 << 20, by: client)
      let log = Lines()
      _ = try await Self.apply(Self.app(big), on: world, log: log)
      #expect(log.all.contains { $0.hasPrefix("pulling \(big): ") && $0.contains("%") }, "\(log.all)")
    }
  }

  // MARK: Digests

  @Test("A pinned release is the same bytes forever") func aPinnedReleaseIsTheSameBytesForever() async throws
  {
    try await withRegistry { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      let old = try await registry.push(image, saying: "one", by: client)
      let first = try await Self.apply(Self.app(image), on: world, pins: true)
      #expect(first.plan.pinnedImages.map(\.image) == ["\(image)@\(old)"])
      #expect(first.release?.snapshot?.service("api")?.image == "\(image)@\(old)")
      for pins in [true, false] {
        #expect(try await Self.apply(Self.app(image), on: world, pins: pins).outcome == .nothingToDo)
      }

      let new = try await registry.push(image, saying: "two", by: client)
      let moved = try await Self.apply(Self.app(image), on: world, pins: true)
      #expect(
        moved.plan.actions.flatMap(\.changes) == [
          Change(
            path: "image.digest", old: .value(.string(old)), new: .value(.string(new)), causes: [.external],
            impact: .replace)
        ])
      #expect(try await Self.word(world) == "two")

      // The old bytes have no tag any more, neither there nor here.
      try await registry.clear(client)
      _ = try await Self.reach(.release(1), on: world)
      #expect(try await Self.word(world) == "one")
      #expect(try await world.observed("api").live.service.image == "\(image)@\(old)")
      #expect(
        try await EngineReader(reader: world.provider, target: "docker").drift(of: world.key).actions.isEmpty)
    }
  }

  @Test("A rollback needs no registry for what is there") func aRollbackNeedsNoRegistryForWhatIsThere()
    async throws
  {
    try await withRegistry { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      try await registry.push(image, saying: "one", by: client)
      let always = Self.app(image) { $0.pullPolicy = .always }
      _ = try await Self.apply(always, on: world, pins: true)
      try await registry.push(image, saying: "two", by: client)
      _ = try await Self.apply(always, on: world, pins: true)
      registry.stop()
      _ = try await Self.reach(.release(1), on: world)
      #expect(try await Self.word(world) == "one")
    }
  }

  @Test("What runs is pinned without being touched") func whatRunsIsPinnedWithoutBeingTouched() async throws {
    try await withRegistry { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      let digest = try await registry.push(image, saying: "one", by: client)
      _ = try await Self.apply(Self.app(image), on: world)
      let process = try await world.observed("api").processID
      let result = try await Self.apply(Self.app(image), on: world, pins: true)
      #expect(result.plan.actions.map(\.kind) == [.record])
      #expect(result.release?.snapshot?.service("api")?.image == "\(image)@\(digest)")
      #expect(try await world.observed("api").processID == process)
    }
  }

  @Test("A tag that moved gives a pin up where none is asked for")
  func aTagThatMovedGivesAPinUpWhereNoneIsAskedFor() async throws {
    try await withRegistry { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      let old = try await registry.push(image, saying: "one", by: client)
      _ = try await Self.apply(Self.app(image), on: world, pins: true)
      let new = try await registry.push(image, saying: "two", by: client)
      let result = try await Self.apply(Self.app(image), on: world)
      #expect(
        result.plan.actions.flatMap(\.changes) == [
          Change(
            path: "image.digest", old: .value(.string(old)), new: .value(.string(new)), causes: [.external],
            impact: .replace)
        ])
      #expect(try await Self.word(world) == "two")
      #expect(try await Self.apply(Self.app(image), on: world).outcome == .nothingToDo)
    }
  }

  @Test("What was never in a registry can't be pinned") func whatWasNeverInARegistryCantBePinned()
    async throws
  {
    try await withRegistry { registry, world in
      let error = try await #require(throws: DiagnosticError.self) {
        try await Self.plan(Self.app(TestEngine.image), on: world, pins: true)
      }
      #expect(error.diagnostics.map(\.code) == [.cannotPin])
      #expect(error.diagnostics.first?.message.contains("the engine has it from no registry") == true)
      registry.stop()
      let unreachable = try await #require(throws: DiagnosticError.self) {
        try await Self.plan(Self.app("\(registry.address)/app:1"), on: world, pins: true)
      }
      #expect(unreachable.diagnostics.map(\.code) == [.cannotPin])
    }
  }

  // MARK: Being let in

  @Test("A private registry asks for a secret") func aPrivateRegistryAsksForASecret() async throws {
    try await withRegistry(isPrivate: true) { registry, world in
      let world = world.listing([registry.address])
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      let digest = try await registry.push(image, saying: "one", by: client)
      let refused = try await Engine(provider: world.provider, target: "docker").apply(
        WorkloadRequest(key: world.key, goal: .spec(Self.app(image), services: nil)))
      #expect(refused.outcome == .failed)
      #expect(refused.failures.first?.message.contains("auth") == true, "\(refused.failures)")

      func app(_ password: String) throws -> Workload {
        let file = NSTemporaryDirectory() + "berth-credentials-" + world.namespace
        try Data("\(TestRegistry.user):\(password)\n".utf8).write(to: URL(fileURLWithPath: file))
        return Self.app(image) {
          var secret = SecretReference()
          secret.key = "file:" + file
          secret.type = .registry
          secret.as = registry.address
          $0.secrets = [secret]
        }
      }
      defer {
        try? FileManager.default.removeItem(
          atPath: NSTemporaryDirectory() + "berth-credentials-" + world.namespace)
      }
      let wrong = try await #require(throws: DiagnosticError.self) {
        try await Self.plan(try app("wrong"), on: world, pins: true)
      }
      #expect(wrong.diagnostics.map(\.code) == [.cannotPin])
      #expect(!"\(wrong)".contains("wrong\""))
      var workload = try app(TestRegistry.password)
      let result = try await Self.apply(workload, on: world, pins: true)
      #expect(result.release?.snapshot?.service("api")?.image == "\(image)@\(digest)")
      #expect(try await Self.word(world) == "one")

      // It tells where its tags lead, too, to whoever has the secret.
      try await registry.push(image, saying: "two", by: client)
      _ = try await Self.apply(workload, on: world)
      let second = try await registry.push(image, saying: "three", by: client)
      workload.services[0].pullPolicy = .always
      let moved = try await Self.apply(workload, on: world)
      #expect(
        moved.plan.actions.filter(\.kind.isPerformed).flatMap(\.changes).map(\.new) == [
          .value(.string(second))
        ])
      #expect(try await Self.word(world) == "three")
      #expect(try await Self.apply(workload, on: world).outcome == .nothingToDo)
    }
  }

  @Test("The credentials of the Docker client will do") func theCredentialsOfTheDockerClientWillDo()
    async throws
  {
    try await withRegistry(isPrivate: true) { registry, world in
      let client = try await world.connection.client()
      let image = "\(registry.address)/app:1"
      let digest = try await registry.push(image, saying: "one", by: client)
      let provider = DockerProvider(
        connection: world.connection, storeNames: world.storeNames,
        environment: ["DOCKER_CONFIG": try registry.dockerConfig()])
      let result = try await Engine(provider: provider, target: "docker").apply(
        WorkloadRequest(
          key: world.key, goal: .spec(Self.app(image) { $0.pullPolicy = .always }, services: nil), pins: true)
      )
      #expect(result.outcome == .succeeded, "\(result.failures)")
      #expect(result.release?.snapshot?.service("api")?.image == "\(image)@\(digest)")
      #expect(try await Self.word(world) == "one")
    }
  }
}

/// What was said, in order.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func add(_ line: String) { lines.withLock { $0.append(line) } }
}
