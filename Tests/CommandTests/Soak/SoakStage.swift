import ProviderContract

/// An engine that a soak plays on.
protocol SoakStage {
  /// The folder whose commands go to the engine.
  var sandbox: Sandbox { get }
  /// The arguments that name the namespace.
  var place: [String] { get }
  /// The image that services are made from; `nil` if the engine runs none.
  var image: String? { get }
  /// A file that grows with every action of a run; `nil` if there is none.
  var journal: String? { get }

  /// What runs now, as the engine's machine tells and not as berth does.
  func services() async throws -> [SoakService]
  /// What is in charge of instances, one name for each; `nil` if there is no such thing.
  func keepers() async throws -> [String]?
  /// The folders of a workload's volumes.
  func volumes(of workload: String) async throws -> [String]

  /// Ends a service at once, behind berth's back.
  func kill(_ service: SoakService) async throws
  /// Ends what is in charge of an instance.
  ///
  /// - Returns: what that was; `nil` if there is none.
  func killKeeper(of workload: String, using random: inout SplitMix64) async throws -> String?
  /// Changes something of a workload by hand, which the next apply mends.
  ///
  /// - Returns: what that was; `nil` if there is nothing.
  func meddle(with workload: String, using random: inout SplitMix64) async throws -> SoakMeddling?
}

/// A service that runs.
struct SoakService: Hashable {
  /// What the engine's machine calls it: the number of a process, the id of a container.
  let id: String
  let workload: String
  let service: String
  /// What the spec that it was started with gave it as `VERSION`.
  let version: String?
}

/// Something that was changed by hand.
struct SoakMeddling {
  /// What it was.
  let description: String
  /// Whether it is mended, given the version that is in force.
  let isMended: (_ version: Int) throws -> Bool
}
