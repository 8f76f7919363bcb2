import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing

@testable import KubernetesAPI
@testable import KubernetesProvider

/// The store on a real cluster: the contract of stores, and its crash suite, sampled.
@Suite("The store on a real cluster", .serialized, .enabled(if: RealCluster.isThere, RealCluster.skipped))
struct RealStoreSuites {
  /// A place of its own: namespaces that the store makes.
  struct World: Sendable {
    let prefix = RealCluster.newName() + "-"

    func registers() async throws -> RelocatedRegisters {
      let client = try await RealCluster.connect()
      return RelocatedRegisters(base: ClusterRegisters(createsNamespaces: true) { client }, prefix: prefix)
    }

    func end() async throws {
      let client = try await RealCluster.connect()
      for namespace in ["default", "other"] { await RealCluster.delete(prefix + namespace, on: client) }
    }
  }

  struct Harness: StoreHarness {
    let world: World
    func open() async throws -> any ReleaseStore { RegisterStore(try await world.registers()) }
  }

  @Test("keeps the contract of stores", arguments: StoreContract.cases)
  func keepsTheContract(_ contract: StoreCase) async throws {
    let world = World()
    do { try await contract.run(Harness(world: world)) } catch {
      try await world.end()
      throw error
    }
    try await world.end()
  }

  struct Place: StoreCrashPlace {
    let world = World()
    let findsOutLostReplies = true

    func open() async throws -> any ReleaseStore {
      RegisterStore(try await world.registers(), limits: StoreScript.limits)
    }

    func attempt(
      _ fault: StoreFault, _ body: @Sendable (any ReleaseStore) async -> Void
    ) async throws -> Int {
      let (gate, steps) = fault.gate
      let registers = GatedRegisters(try await world.registers(), gate: gate)
      await body(RegisterStore(registers, limits: StoreScript.limits))
      return steps()
    }

    func leftovers(of key: WorkloadKey) async throws -> [String] {
      try await RegisterStore(try await world.registers()).unreferred(of: key)
    }

    func end() async throws { try await world.end() }
  }

  @Test("loses nothing wherever it is cut off")
  func losesNothing() async throws {
    let stride = Thoroughness.part?.of ?? (Thoroughness.isFull ? 1 : 67)
    let report = try await StoreCrashes(stride: stride, first: Thoroughness.part?.number, atOnce: 4) {
      Place()
    }.run()
    print(report.summary("Kubernetes, calls of the registers"))
    for failure in report.failures { Issue.record("\(failure)") }
    #expect(report.points >= 5)
  }
}
