import Foundation
import MachineKit
import MockProvider
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

/// Mock machines do what every provider, and every kind of machine, must do.
@Suite struct MockContractTests {
  private struct Harness: MachineProviderHarness {
    let world: MockWorld
    let mock: MockProvider
    var provider: any Provider { mock }
    let timeout = Duration.milliseconds(300)

    init(_ world: MockWorld) {
      self.world = world
      mock = world.provider(
        .images([
          "contract-1": .works, "contract-2": .works, "contract-failing": .fails, "contract-unready": .hangs,
        ]))
    }

    /// Another hand stops the machine.
    func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws {
      try await edit(instance, of: key) { $0["state"] = "stopped" }
    }

    /// Another hand ends the machine.
    func kill(_ instance: InstanceID, of key: WorkloadKey) async throws {
      try await edit(instance, of: key) { $0["state"] = "terminated" }
    }

    private func edit(
      _ instance: InstanceID, of key: WorkloadKey, _ change: (inout [String: Any]) -> Void
    ) async throws {
      let id = try #require(
        try await provider.observe(key).instance(instance)?.services.first?.machine?.id)
      try world.edit { machines in
        let index = try #require(machines.firstIndex { $0["id"] as? String == id })
        change(&machines[index])
      }
    }
  }

  private struct Cloud: MachineHarness {
    let mock: MockMachines
    var machines: any Machines { mock }
    let timeout = Duration.seconds(5)
    let pageSize = 3
    let changesAddresses = true

    func machine() -> Machine {
      var machine = Machine()
      (machine.image, machine.type) = ("image-1", "small")
      return machine
    }
    func write(_ text: String, toDiskOf id: String) async throws {
      try text.write(toFile: mock.disk(of: id) + "/file", atomically: true, encoding: .utf8)
    }
    func text(onDiskOf id: String) async throws -> String? {
      FileManager.default.contents(atPath: mock.disk(of: id) + "/file").map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }

  @Test("Passes the contract of providers", arguments: ProviderContract.cases)
  func passesTheContract(_ contract: ContractCase) async throws {
    try await withMock { try await contract.run(Harness($0)) }
  }

  @Test("Passes the contract of machines", arguments: MachineContract.cases)
  func passesTheContractOfMachines(_ contract: MachineCase) async throws {
    try await withMock { world in
      var target = MockTarget()
      target.pageSize = 3
      try await contract.run(Cloud(mock: world.machines(target)))
    }
  }

  /// As in a cloud, where all takes its time.
  @Test("Passes the contract of machines with delays", arguments: MachineContract.cases)
  func passesTheContractOfMachinesWithDelays(_ contract: MachineCase) async throws {
    try await withMock { world in
      var target = MockTarget()
      target.pageSize = 3
      let delay = SpecDuration(milliseconds: 30)
      (target.delay.create, target.delay.start, target.delay.stop) = (delay, delay, delay)
      (target.delay.terminate, target.delay.check) = (delay, delay)
      try await contract.run(Cloud(mock: world.machines(target)))
    }
  }
}
