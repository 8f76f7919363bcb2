import Diagnostics
import DockerAPI
import Engine
import Foundation
import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a plan needs of the engine, and only then.
@Suite(.serialized, TestEngine.isThere) struct ObstaclesTests {
  private static func workload(_ image: String, _ edit: (inout Service) -> Void = { _ in }) -> Workload {
    .of(
      .idle("api") {
        $0.image = image
        $0.pullPolicy = .never
        edit(&$0)
      })
  }

  /// What an operator asks.
  private static func goals() -> [Goal] {
    [.operation(.stop(.all)), .operation(.start(.all)), .operation(.restart(.all))]
  }

  @Test("What runs needs its image no more") func whatRunsNeedsItsImageNoMore() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let image = "\(world.namespace)/gone:1"
      try await client.images.tag(TestEngine.image, as: image)
      var workload = Self.workload(image)
      workload.replicas = 2
      try await world.apply(workload)
      try await client.images.remove(image)

      #expect(try await world.plan(workload).actions.isEmpty)
      #expect(try await world.drift().actions.isEmpty)
      for goal in Self.goals() { try await world.reach(goal) }
      let name = EngineNames(key: world.key).container(of: "api", in: InstanceID(0))
      try await client.containers.rename(name, to: "\(world.namespace)_renamed")
      try await world.apply(workload)
      try await world.reach(.scale(1))
      #expect(try await world.provider.observe(world.key).instances.count == 1)

      // What is made needs it, and is refused before anything changes.
      let edited = Self.workload(image) { $0.env = ["LEVEL": "debug"] }
      for refused in [
        edited,
        {
          var more = workload; more.replicas = 3; return more
        }(),
      ] {
        let error = await #expect(throws: DiagnosticError.self) { try await world.plan(refused) }
        #expect(error?.diagnostics.filter { $0.severity == .error }.map(\.code) == [.providerRefuses])
      }
      // What was changed by hand is told even if it can't be mended.
      try await client.containers.remove(name, force: true)
      #expect(try await world.drift().actions.map(\.id.description) == ["create 0", "create 0.api"])
    }
  }

  @Test("A tag that moved off is no obstacle") func aTagThatMovedOffIsNoObstacle() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let (service, image) = try await world.createWithTagOfItsOwn("api")
      try await client.images.tag(image, as: "\(world.namespace)/moving:2")
      try await client.images.remove(image)
      let workload = Workload.of(service)
      try await world.reach(.spec(workload, services: nil))
      try await world.reach(.operation(.restart(.all)))
      try await world.reach(.destroy(volumes: true))
      try await client.images.remove("\(world.namespace)/moving:2")
    }
  }

  // MARK: Addresses

  @Test("Networks that the engine has no addresses for are refused beforehand")
  func networksThatTheEngineHasNoAddressesForAreRefusedBeforehand() async throws {
    try await withDocker { world in
      var workload = Workload.of(.idle("api"), .idle("proxy", role: .sidecar))
      workload.replicas = 5000
      let error = try await #require(throws: DiagnosticError.self) { try await world.plan(workload) }
      let problem = try #require(error.diagnostics.first { $0.code == .noAddressesLeft })
      #expect(problem.message.contains("this plan needs 5000"))
      #expect(problem.help?.contains("default-address-pools") == true)

      // Of a single service, all instances share one network.
      var single = Workload.of(.idle("api"))
      single.replicas = 900
      #expect(try await world.plan(single).actions.filter { $0.kind == .create }.count == 1800)
    }
  }

  // MARK: Ports of the host

  /// Listens on a port for as long as a body runs.
  private func withListener(_ body: (Int) async throws -> Void) async throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Int in
        guard bind(descriptor, pointer, size) == 0, listen(descriptor, 1) == 0,
          getsockname(descriptor, pointer, &size) == 0
        else { return 0 }
        return Int(UInt16(bigEndian: UnsafeRawPointer(pointer).load(as: sockaddr_in.self).sin_port))
      }
    }
    try #require(port > 0)
    try await body(port)
  }

  @Test("A port that a plain process has is found before anything stops")
  func aPortThatAPlainProcessHasIsFoundBeforeAnythingStops() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let route = ProbeRoute(to: client.endpoint)
      guard try await route.leadsToContainers(of: client, ContainerReach()) else { return }
      func workload(_ port: Int?) -> Workload {
        .of(.idle("api") { service in if let port { service.ports = [.at(8080, host: port)] } })
      }
      try await world.apply(workload(nil))
      try await withListener { port in
        let error = await #expect(throws: DiagnosticError.self) { try await world.plan(workload(port)) }
        #expect(error?.diagnostics.filter { $0.severity == .error }.map(\.code) == [.portTaken])
        let isReady = try await world.observed("api").isReady
        #expect(isReady)
      }
      // One that the service has itself is its own.
      try await world.apply(workload(34_568))
      try await world.reach(.operation(.restart(.all)))
      #expect(try await world.plan(workload(34_568)).actions.isEmpty)
    }
  }

  // MARK: Health

  @Test(
    "A check that fails says why",
    arguments: [
      (["/nonexistent"], 60_000, "no such file or directory"),
      (
        ["sh", "-c", "echo first >&2; echo the last word >&2; exit 3"], 60_000,
        "with exit code 3: first | the last word"
      ),
      (["sleep", "60"], 500, "exceeded timeout"),
    ])
  func aCheckThatFailsSaysWhy(command: [String], timeout: Int64, reason: String) async throws {
    try await withDocker { world in
      let workload = Workload.of(
        .idle("api") { service in
          var check = HealthCheck()
          check.command = command
          check.interval = SpecDuration(milliseconds: 100)
          check.timeout = SpecDuration(milliseconds: timeout)
          service.healthCheck = check
        })
      try await world.provider.perform(Action(.create, .instance(InstanceID(0))), in: world.context(workload))
      let failure = try await #require(throws: ActionFailure.self) {
        try await world.provider.perform(
          Action(.create, .service(InstanceID(0), "api")), in: world.context(workload, timeout: .seconds(15)))
      }
      #expect(
        failure.message.hasPrefix("was not ready within 15s: health check failed"), "\(failure.message)")
      #expect(failure.message.contains(reason), "\(failure.message)")
      // The status of the service says the same.
      let told = try #require(try await world.observed("api").message)
      #expect(failure.message == "was not ready within 15s: \(told)")
    }
  }
}
