import MachineKit
import Planning
import ProviderKit
import WorkloadSpec

/// Groups of machines that are lines of a file: to try a group without a cloud, and for the tests of others.
public struct MockProvider: MachineProvider {
  /// What `provider:` of a target in berth.yaml calls it.
  public static let name = "mock"
  /// What it is, in one sentence.
  public static let summary = "machines that are lines of a file, to try groups of machines with"

  /// The release history, the runs and the lock.
  public let store: any ReleaseStore
  /// The machines in the folder.
  public let machines: any Machines
  private let folder: String
  private let region: String?
  private let zone: String?

  /// A provider of the machines in a folder, which the first action makes.
  ///
  /// - Parameters:
  ///   - store: where releases, runs and locks are kept.
  ///   - region: where the machines are said to be.
  ///   - zone: where in the region they are said to be.
  public init(
    folder: String, target: MockTarget = MockTarget(), store: any ReleaseStore, region: String? = nil,
    zone: String? = nil
  ) {
    self.init(
      machines: MockMachines(folder: folder, target: target, zone: zone), in: folder, store: store,
      region: region, zone: zone)
  }

  /// A provider whose machines are reached by another way, such as through a gate.
  package init(
    machines: any Machines, in folder: String, store: any ReleaseStore, region: String? = nil,
    zone: String? = nil
  ) {
    (self.machines, self.folder, self.store) = (machines, folder, store)
    (self.region, self.zone) = (region, zone)
  }

  /// What can be said without looking at the file.
  public var traits: ProviderTraits {
    ProviderTraits(name: Self.name, summary: Self.summary, unit: nil)
  }

  /// The rows of mock machines.
  public let machineFields = MachineFields([
    FieldRow("machine.image", .enforced(.engine), cost: .replace, "`image` in the file"),
    FieldRow(
      "machine.family", .enforced(.stamp), cost: .replace, "`image` in the file: each family has one image"),
    FieldRow("machine.template", .enforced(.stamp), cost: .replace, "`image` in the file"),
    FieldRow("machine.type", .enforced(.engine), cost: .restart, "`type` in the file"),
    FieldRow(
      "machine.userData", .enforced(.stamp), cost: .replace, note: "is kept, and not run here",
      "`userData` in the file"),
    FieldRow("machine.disk", .enforced(.engine), cost: .inPlace, "`disk` in the file, and a folder"),
    FieldRow("machine.subnets", .enforced(.stamp), cost: .replace, "`subnet` in the file"),
    FieldRow("machine.spread", .byBerth, cost: .inPlace, "the subnet with the fewest machines is taken"),
  ])

  /// The folder, on this computer.
  public func identity() async throws -> EngineIdentity {
    EngineIdentity(provider: Self.name, onThisComputer: folder)
  }

  /// The folder, and where its machines are said to be.
  public func info() async throws -> ProviderInfo {
    ProviderInfo(identity: try await identity(), version: "1", region: region, location: zone ?? folder)
  }

  /// Whether the file can be read.
  public func health() async -> ProviderHealth {
    await ProviderHealth.asking {
      _ = try await machines.page(of: MachineQuery(), after: nil)
      return (true, "\(folder) has the machines")
    }
  }
}
