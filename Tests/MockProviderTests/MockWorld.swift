import Foundation
import MachineKit
import MockProvider
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

/// Mock machines in a folder of their own.
struct MockWorld {
  let folder: String
  let store = MemoryStore(newDigestKey: Array(0..<32))

  init() { folder = NSTemporaryDirectory() + "/berth-mock-" + UUID().uuidString }

  func machines(_ target: MockTarget = MockTarget()) -> MockMachines {
    MockMachines(folder: folder, target: target)
  }

  func provider(_ target: MockTarget = MockTarget(), gate: (any CallGate)? = nil) -> MockProvider {
    let machines = machines(target)
    return MockProvider(
      machines: gate.map { GatedMachines(machines, gate: $0) } ?? machines, in: folder, store: store)
  }

  /// Changes by hand what the file has.
  func edit(_ change: (inout [[String: Any]]) throws -> Void) throws {
    let url = URL(fileURLWithPath: folder + "/machines.json")
    var contents = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    var machines = try #require(contents["machines"] as? [[String: Any]])
    try change(&machines)
    contents["machines"] = machines
    try JSONSerialization.data(withJSONObject: contents).write(to: url)
  }
}

/// Runs a body with mock machines of its own.
func withMock(_ body: (MockWorld) async throws -> Void) async throws {
  let world = MockWorld()
  defer { try? FileManager.default.removeItem(atPath: world.folder) }
  try await body(world)
}

extension MockTarget {
  /// Images, each with what becomes of its machines.
  static func images(_ outcomes: KeyValuePairs<String, MockImage.Outcome>) -> MockTarget {
    var target = MockTarget()
    target.images = outcomes.map { name, outcome in
      var image = MockImage()
      (image.name, image.outcome) = (name, outcome)
      return image
    }
    return target
  }
}

/// A group of mock machines.
func group(
  image: String = "image-1", replicas: Int? = 2, _ edit: (inout Workload) -> Void = { _ in }
) -> Workload {
  var workload = Workload()
  (workload.name, workload.kind, workload.replicas) = ("workers", .machineGroup, replicas)
  var machine = Machine()
  (machine.image, machine.type, machine.disk) = (image, "small", ByteQuantity("40Gi"))
  workload.machine = machine
  edit(&workload)
  return workload
}
