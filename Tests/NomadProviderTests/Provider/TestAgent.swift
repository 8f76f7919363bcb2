import Foundation
import NomadAPI
import Planning
import ProviderContract
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import NomadProvider

/// The agent that tests run against, if its address is named by BERTH_TEST_NOMAD_ADDR: one in development mode, with the driver
/// `raw_exec`, and with `docker` if there is an engine. BERTH_TEST_NOMAD_TOKEN is its token, if it asks for one.
enum TestAgent {
  private static let environment = ProcessInfo.processInfo.environment
  private static let address = environment["BERTH_TEST_NOMAD_ADDR"]
  /// The image that `scripts/docker-engine` makes, or another one with a shell that the engine has.
  static let image = environment["BERTH_TEST_NOMAD_IMAGE"] ?? "berth-test/busybox:1"

  /// Whether there is one.
  static let isThere: ConditionTrait = .enabled(
    if: address != nil, "BERTH_TEST_NOMAD_ADDR names no Nomad agent")

  /// Whether there is one whose node has a driver.
  static func has(_ driver: NomadDriver) -> ConditionTrait {
    .enabled("BERTH_TEST_NOMAD_ADDR names no Nomad agent with the driver \(driver.rawValue)") {
      guard address != nil else { return false }
      return try await node(of: connect()).drivers[driver.rawValue]?.isHealthy == true
    }
  }

  static func connect() async throws -> NomadClient {
    var options = NomadOptions()
    let address: String = try #require(address)
    (options.address, options.token) = (address, environment["BERTH_TEST_NOMAD_TOKEN"])
    return try await NomadClient.connect(
      to: NomadAccess.resolve(options, environment: [:], source: "BERTH_TEST_NOMAD_ADDR"))
  }

  /// The first of its nodes.
  static func node(of client: NomadClient) async throws -> Node {
    let id = try #require(try await client.nodes.list().value.first?.id)
    return try #require(try await client.nodes.read(id).value)
  }
}

/// Workloads of one test on an agent, with a provider.
struct AgentWorld: Sendable {
  let driver: NomadDriver
  let provider: NomadProvider
  let client: NomadClient
  let node: Node
  /// What the agent and the target make of fields.
  let facts: EngineFacts
  /// What the names of its workloads begin with.
  let prefix: String

  /// Runs something with workloads that are purged afterwards.
  static func with(
    _ driver: NomadDriver, _ label: String = String(UUID().uuidString.lowercased().prefix(6)),
    _ body: (AgentWorld) async throws -> Void
  ) async throws {
    let world = try await AgentWorld(driver, label)
    try await world.purge()
    do {
      try await body(world)
    } catch {
      try? await world.purge()
      throw error
    }
    try await world.purge()
  }

  private init(_ driver: NomadDriver, _ label: String) async throws {
    let client = try await TestAgent.connect()
    (self.driver, self.client) = (driver, client)
    node = try await TestAgent.node(of: client)
    prefix = "\(driver == .rawExec ? "raw" : driver.rawValue)-\(label)"
    var target = NomadTarget()
    target.driver = driver
    if node.attributes["consul.version"] != nil { target.services = .consul }
    let connection = NomadConnection(target) { client }
    facts = try await connection.facts()
    provider = NomadProvider(
      connection: connection, store: MemoryStore(), target: target, allowed: Set(Permission.allCases))
  }

  func key(_ name: String) -> WorkloadKey { WorkloadKey(name: "\(prefix)-\(name)") }

  /// The jobs of its workloads that servers have.
  func jobs() async throws -> [String] { try await client.jobs.list(prefix: "\(prefix)-").value.map(\.id) }

  /// Forgets all of its workloads.
  private func purge() async throws {
    for job in try await jobs() { _ = try await client.jobs.stop(job, purge: true) }
  }

  /// The allocation that an instance is.
  func allocation(_ instance: InstanceID, of key: WorkloadKey) async throws -> Allocation {
    let found = try await client.jobs.allocations(of: JobNames(key: key).job).value.first {
      allocation in
      !allocation.isTerminal
        && [WorkloadKind.deployment, .statefulSet].contains { kind in
          JobNames.instance(allocation.id, allocation.number, kind) == instance
        }
    }
    return try #require(found, "the allocation of \(instance)")
  }
}
