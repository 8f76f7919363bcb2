import Planning
import ProviderKit
import WorkloadSpec

/// What the provider contract needs to know of an engine: the provider, services that it can run, and a way to damage
/// the live services there.
public protocol ProviderHarness: Sendable {
  /// The provider under test.
  var provider: any Provider { get }

  /// How long a service may take to become ready, or not to.
  var timeout: Duration { get }

  /// A workload on which nothing lives yet; another one for each label.
  func key(_ label: String) -> WorkloadKey

  /// A service that runs until it is stopped. Between two versions, everything differs that makes the engine
  /// replace it.
  ///
  /// An init is one that ends with success.
  func service(_ name: String, role: Role, version: Int) -> Service

  /// A machine that runs until it is stopped. Between two versions, everything differs that makes the engine replace it.
  func machine(version: Int) -> Machine

  /// A machine that comes to an end, or is found not to work, before it is ready.
  func failingMachine() -> Machine

  /// Changes a group so that its machines run and never become ready.
  func makeUnready(_ group: inout Workload)

  /// An object with a name. Between two versions, it says something else.
  func object(_ name: String, version: Int) -> Manifest

  /// A service that writes a line and then ends in failure.
  func failingService(_ name: String, role: Role) -> Service

  /// A service that runs and never becomes ready.
  func unreadyService(_ name: String) -> Service

  /// Makes the first service of a workload in instance 0, with the stamp of one that was made from another workload, and
  /// tells what the provider sees of it then.
  func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService

  /// The fields that only this engine knows, each with a way to set and to change it.
  var engineEdits: [EngineEdit] { get }

  /// Those of them, and of the language's own, that the machine of this engine can't have, so that they are not tried.
  var untriedFields: Set<String> { get }

  /// Has a service work in a place of a workload that berth did not create, and that could be adopted there.
  func startStranger(_ service: Service, in instance: InstanceID, of key: WorkloadKey) async throws

  /// Ends a service's process by force, behind the provider's back.
  func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws

  /// Ends what an instance's services live in, by force, behind the provider's back.
  func kill(_ instance: InstanceID, of key: WorkloadKey) async throws
}

extension ProviderHarness {
  /// One with an image named after the version.
  public func machine(version: Int) -> Machine {
    var machine = Machine()
    machine.image = "contract-\(version)"
    return machine
  }

  /// One with an image that is named so.
  public func failingMachine() -> Machine {
    var machine = machine(version: 1)
    machine.image = "contract-failing"
    return machine
  }

  /// By an image that is named so.
  public func makeUnready(_ group: inout Workload) { group.machine?.image = "contract-unready" }

  /// A map of settings.
  public func object(_ name: String, version: Int) -> Manifest {
    var object = Manifest()
    (object.apiVersion, object.kind, object.object) = ("v1", "ConfigMap", name)
    object.content = Tree(["data": ["version": .string("v\(version)")]])
    return object
  }

  /// A provider that adopts nothing is not asked to.
  public func startStranger(_ service: Service, in instance: InstanceID, of key: WorkloadKey) async throws {
    throw ContractViolation("expected a way to start what can be adopted", line: #line)
  }

  /// None.
  public var engineEdits: [EngineEdit] { [] }

  /// None.
  public var untriedFields: Set<String> { [] }

  /// A key in the default namespace, with a name made of the label.
  public func key(_ label: String) -> WorkloadKey { WorkloadKey(name: label) }
}
