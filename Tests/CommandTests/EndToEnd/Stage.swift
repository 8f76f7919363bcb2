/// An engine that the scenario plays on, with a folder whose berth.yaml leads there.
protocol Stage {
  /// The folder.
  var sandbox: Sandbox { get }
  /// The arguments that name the namespace.
  var place: [String] { get }
  /// Everything on the engine that was made for workloads and would have to go with them, but for their history.
  func things() async throws -> [String]
  /// Takes a service of the first instance away behind berth's back.
  func breakByHand(_ service: String, of workload: String) async throws
}
