import Planning
import ProviderContract
import ProviderKit
import Testing

/// A store over registers does what is asked of every store, and loses nothing whatever goes wrong.
@Suite struct RegisterStoreSuites {
  /// Registers in which little fits, so that much has to stand elsewhere.
  private static let capacity = 16 << 10

  struct Harness: StoreHarness {
    let registers = MemoryRegisters(capacity: RegisterStoreSuites.capacity)
    func open() async throws -> any ReleaseStore { RegisterStore(registers, prefix: "docker/engine-1/") }
  }

  /// Every store that is opened reads what is written there, and remembers nothing.
  @Test("Keeps the contract", arguments: StoreContract.cases)
  func keepsTheContract(_ contract: StoreCase) async throws { try await contract.run(Harness()) }

  struct Place: StoreCrashPlace {
    let registers = MemoryRegisters(capacity: RegisterStoreSuites.capacity)
    let findsOutLostReplies = true

    func open() async throws -> any ReleaseStore { RegisterStore(registers, limits: StoreScript.limits) }

    func attempt(
      _ fault: StoreFault, _ body: @Sendable (any ReleaseStore) async -> Void
    ) async throws -> Int {
      let (gate, steps) = fault.gate
      await body(RegisterStore(GatedRegisters(registers, gate: gate), limits: StoreScript.limits))
      return steps()
    }

    func leftovers(of key: WorkloadKey) async throws -> [String] {
      try await RegisterStore(registers).unreferred(of: key)
    }
  }

  @Test("Loses nothing wherever it is cut off") func losesNothingWhereverItIsCutOff() async throws {
    let report = try await StoreCrashes { Place() }.run()
    print(report.summary("registers in memory"))
    for failure in report.failures { Issue.record("\(failure)") }
    #expect(report.points > 400)
  }
}
