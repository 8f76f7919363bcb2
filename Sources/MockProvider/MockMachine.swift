import MachineKit
import Values
import WorkloadSpec

/// A machine as the file has it. Every member can be changed by hand.
struct MockMachine: Codable, Equatable {
  var id: String
  var name: String
  var token: String
  /// One of ``MachineState``; another word is a state that is not known.
  var state: String
  /// When a state that passes by itself is over, in milliseconds since 1970.
  var until: Int64?
  /// The state that passes then. Another one was set by hand, and stays.
  var passing: String?
  var reason: String?
  /// What the checks say: `passed`, `pending`, or why they failed.
  var check: String?
  /// When checks that are pending have come to their end, in milliseconds since 1970.
  var checkedAt: Int64?
  var image: String?
  var type: String?
  var disk: String?
  var address: String?
  var subnet: String?
  var launchedAt: Int64?
  var userData: String?
  var tags: [String: String]

  /// Lets time pass.
  mutating func settle(_ now: Int64, _ target: MockTarget) {
    if let until, now >= until, passing ?? state == state {
      (self.until, passing) = (nil, nil)
      switch MachineState(rawValue: state) {
      case .pending: run(at: until, target)
      case .stopping: (state, address) = (MachineState.stopped.rawValue, nil)
      case .terminating: (state, address) = (MachineState.terminated.rawValue, nil)
      case .repairing: state = MachineState.running.rawValue
      default: break
      }
    }
    if let checkedAt, now >= checkedAt, check == "pending" { (check, self.checkedAt) = ("passed", nil) }
  }

  /// Enters a state that passes by itself.
  mutating func pass(_ state: MachineState, until moment: Int64) {
    (self.state, passing, until) = (state.rawValue, state.rawValue, moment)
  }

  private mutating func run(at moment: Int64, _ target: MockTarget) {
    state = MachineState.running.rawValue
    reason = nil
    // Before the first check, only a hand can have written what it says.
    guard check == nil else { return }
    switch target.images.first(where: { $0.name == image })?.outcome ?? .works {
    case .works:
      check = "pending"
      checkedAt = moment + target.delay.check.milliseconds
    case .fails: check = "the image `\(image ?? "")` does not come up"
    case .hangs: check = "pending"
    case .stops:
      (state, reason, address) = (MachineState.stopped.rawValue, "Client.InstanceInitiatedShutdown", nil)
    }
  }

  /// As a cloud tells of it.
  func found(zone: String?) -> FoundMachine {
    let state = MachineState(rawValue: state) ?? .unknown
    let verdict: MachineCheck =
      switch check {
      case nil: .none
      case "passed": .passed
      case "pending": .pending
      case let reason?: .failed(reason)
      }
    return FoundMachine(
      id: id, state: state, reason: reason, check: state == .running ? verdict : .none, image: image,
      type: type, disk: disk.flatMap { ByteQuantity($0) }, addresses: address.map { [$0] } ?? [],
      subnet: subnet, zone: zone, launchedAt: launchedAt.map { Timestamp(milliseconds: $0) }, tags: tags)
  }
}
