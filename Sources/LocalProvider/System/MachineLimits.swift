import ProviderKit
import Synchronization

/// What can be limited on this machine. It is looked for once, and only when it is asked for: the search reads through
/// all that is mounted.
final class MachineLimits: Sendable {
  private let found = Mutex<EngineFacts?>(nil)

  /// The facts.
  var value: EngineFacts {
    found.withLock { found in
      if let found { return found }
      let groups = ControlGroupSearch()
      let facts = EngineFacts(
        version: MachineFacts.system, cpuObstacle: groups.cpuObstacle,
        memoryObstacle: groups.memoryObstacle)
      found = facts
      return facts
    }
  }
}
