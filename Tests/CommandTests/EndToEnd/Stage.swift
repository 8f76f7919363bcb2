import Planning

/// An engine that the scenario plays on, with a folder whose berth.yaml leads there.
protocol Stage {
  /// The folder.
  var sandbox: Sandbox { get }
  /// The arguments that name the namespace.
  var place: [String] { get }
  /// The image that services are made from. An engine that runs none takes no notice of it.
  var image: String { get }
  /// What the engine changes by itself: what it does to one service, it does to all that are in the same unit.
  var unit: UnitOfChange { get }
  /// Whether the engine tells what services use.
  var measuresUsage: Bool { get }
  /// Whether berth makes the volumes of workloads, and so takes them away.
  var makesVolumes: Bool { get }
  /// Everything on the engine that was made for workloads and would have to go with them, but for their history.
  func things() async throws -> [String]
  /// Takes a service of the first instance away behind berth's back.
  func breakByHand(_ service: String, of workload: String) async throws
}

extension Stage {
  var unit: UnitOfChange { .service }
  var measuresUsage: Bool { true }
  var makesVolumes: Bool { true }
}
