import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

/// The simulated provider and the store in memory do what they ask of others.
@Suite struct ContractTests {
  struct SimulatedHarness: ProviderHarness {
    let simulated: SimulatedProvider
    var provider: any Provider { simulated }
    let timeout = Duration.milliseconds(20)
    let engineEdits = [EngineEdit].simulated

    init(
      unit: UnitOfChange = .service,
      impact: @escaping @Sendable (ServiceChange) -> ImpactStatement = { ImpactStatement($0.minimum) }
    ) {
      simulated = SimulatedProvider(unit: unit, impact: impact)
      simulated.meddle { world in
        world.failingCommands = [["/bin/fail"], ["contract-failing"]]
        world.unreadyCommands = [["/bin/unready"], ["contract-unready"]]
      }
    }

    func service(_ name: String, role: Role, version: Int) -> Service {
      Examples.service(name, role) { $0.command = ["/bin/\(name)", "v\(version)"] }
    }
    func failingService(_ name: String, role: Role) -> Service {
      Examples.service(name, role) { $0.command = ["/bin/fail"] }
    }
    func unreadyService(_ name: String) -> Service {
      Examples.service(name) { $0.command = ["/bin/unready"] }
    }
    func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService
    {
      let context = ActionContext(key: key, desired: stamped, run: RunID("run-1"), timeout: timeout)
      let (id, name) = (InstanceID(0), stamped.services[0].name)
      for subject in [ActionSubject.instance(id), .service(id, name)] {
        try await provider.perform(Action(.create, subject), in: context)
      }
      simulated.meddle { $0.meddle(with: name, in: id, of: key) { $0.live.service = made.services[0] } }
      return try #require(try await provider.observe(key).instance(id)?.service(name))
    }
    func startStranger(_ service: Service, in instance: InstanceID, of key: WorkloadKey) async throws {
      simulated.meddle { _ = $0.addStranger(service, of: key.name, ordinal: instance.ordinal ?? 0) }
    }
    func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
      simulated.meddle { $0.kill(service, in: instance, of: key) }
    }
    func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
      simulated.meddle { $0.kill(instance, of: key) }
    }
  }

  struct MemoryHarness: StoreHarness {
    let store = MemoryStore()
    func open() async throws -> any ReleaseStore { store }
  }

  @Test("The simulated provider keeps the contract", arguments: ProviderContract.cases)
  func theSimulatedProviderKeepsTheContract(_ contract: ContractCase) async throws {
    try await contract.run(SimulatedHarness())
  }

  /// As on an engine that replaces an instance whole, for everything that it is told.
  @Test("So it does when it replaces whole instances", arguments: ProviderContract.cases)
  func soItDoesWhenItReplacesWholeInstances(_ contract: ContractCase) async throws {
    try await contract.run(
      SimulatedHarness { change in
        guard change.element.body == .services else { return ImpactStatement(change.minimum) }
        return change.changes.allSatisfy { ["dependsOn", "stopGrace"].contains($0.field) }
          ? ImpactStatement(.inPlace)
          : ImpactStatement(.replace, scope: .instance, reason: .changesWhole)
      }
    )
  }

  /// As on an engine whose smallest unit of change is an instance.
  @Test("So it does when it changes only instances", arguments: ProviderContract.cases)
  func soItDoesWhenItChangesOnlyInstances(_ contract: ContractCase) async throws {
    try await contract.run(SimulatedHarness(unit: .instance))
  }

  /// As on an engine whose controllers roll workloads by themselves.
  @Test("So it does when it rolls workloads by itself", arguments: ProviderContract.cases)
  func soItDoesWhenItRollsWorkloadsByItself(_ contract: ContractCase) async throws {
    try await contract.run(SimulatedHarness(unit: .workload))
  }

  @Test("The store in memory keeps the contract", arguments: StoreContract.cases)
  func theStoreInMemoryKeepsTheContract(_ contract: StoreCase) async throws {
    try await contract.run(MemoryHarness())
  }
}
