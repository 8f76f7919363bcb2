import Planning
import ProviderKit
import WorkloadSpec

/// What the provider contract needs to know of an engine: the provider, services that it can run, and a way
/// to damage what lives there.
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

  /// A service that writes a line and then ends in failure.
  func failingService(_ name: String, role: Role) -> Service

  /// A service that runs and never becomes ready.
  func unreadyService(_ name: String) -> Service

  /// Makes the first service of a workload in instance 0, with the stamp of one that was made from another workload, and
  /// tells what the provider sees of it then.
  func disguise(_ made: Workload, as stamped: Workload, of key: WorkloadKey) async throws -> ObservedService

  /// The fields that only this engine knows, each with a way to set and to change it.
  var engineEdits: [EngineEdit] { get }

  /// Ends a service's process by force, behind the provider's back.
  func kill(_ service: String, in instance: InstanceID, of key: WorkloadKey) async throws

  /// Ends what an instance's services live in, by force, behind the provider's back.
  func kill(_ instance: InstanceID, of key: WorkloadKey) async throws
}

extension ProviderHarness {
  /// None.
  public var engineEdits: [EngineEdit] { [] }

  /// A key in the default namespace, with a name made of the label.
  public func key(_ label: String) -> WorkloadKey { WorkloadKey(name: label) }
}
