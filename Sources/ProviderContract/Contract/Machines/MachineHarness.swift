import MachineKit
import Planning
import ProviderKit
import WorkloadSpec

/// What the contract of machines needs to know of a cloud: its machines, an order that it takes, and what a machine keeps.
public protocol MachineHarness: Sendable {
  /// The machines under test. No machine is there at first.
  var machines: any Machines { get }

  /// How long a machine may take to be what it was told to be.
  var timeout: Duration { get }

  /// How many machines a page of a list has at most.
  var pageSize: Int { get }

  /// Whether a machine has other addresses each time that it starts.
  var changesAddresses: Bool { get }

  /// What a machine is made from that runs until it is stopped.
  func machine() -> Machine

  /// Writes a text to the disk of a machine.
  func write(_ text: String, toDiskOf id: String) async throws

  /// The text on the disk of a machine; `nil` if there is none.
  func text(onDiskOf id: String) async throws -> String?
}

/// A provider that holds machines and nothing else: of services, it is asked nothing.
public protocol MachineProviderHarness: ProviderHarness {}

extension MachineProviderHarness {
  /// One that is never made.
  public func service(_ name: String, role: Role, version: Int) -> Service { Self.service(name, role) }
  /// One that is never made.
  public func failingService(_ name: String, role: Role) -> Service { Self.service(name, role) }
  /// One that is never made.
  public func unreadyService(_ name: String) -> Service { Self.service(name, .main) }

  private static func service(_ name: String, _ role: Role) -> Service {
    var service = Service()
    (service.name, service.role) = (name, role)
    return service
  }

  /// There are no services to disguise.
  public func disguise(
    _ made: Workload, as stamped: Workload, of key: WorkloadKey
  ) async throws -> ObservedService {
    throw ContractViolation("expected not to be asked for a service", line: #line)
  }
}
