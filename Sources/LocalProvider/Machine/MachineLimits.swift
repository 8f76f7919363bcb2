import ProviderKit
import Supervisor
import Synchronization

/// What can be limited and kept apart on this machine. It is looked for once, and only when it is asked for: the search
/// reads through all that is mounted, and tries in a process of its own what can't be read anywhere.
final class MachineLimits: Sendable {
  private let found = Mutex<EngineFacts?>(nil)

  var value: EngineFacts {
    found.withLock { found in
      if let found { return found }
      let groups = ControlGroupSearch()
      let facts = EngineFacts(
        version: MachineFacts.system, cpuObstacle: groups.cpuObstacle,
        memoryObstacle: groups.memoryObstacle, obstacles: obstacles(groups, OwnRights.current))
      found = facts
      return facts
    }
  }

  private func obstacles(_ groups: ControlGroupSearch, _ rights: OwnRights) -> [String: String] {
    var obstacles: [String: String] = [:]
    let spaces = SpaceObstacles.found
    obstacles["resources.pids"] = groups.pidsObstacle
    obstacles["resources.swap"] = groups.swapObstacle
    obstacles["resources.reservations.cpu"] = groups.cpuObstacle
    obstacles["resources.reservations.memory"] = groups.memoryObstacle
    for field in ["security.readOnlyRoot", "volumes.readOnly", "volumes.size"] {
      obstacles[field] = spaces.mounts
    }
    obstacles["network.mode"] = spaces.network
    obstacles["hostname"] = spaces.hostName
    if !rights.has("SETPCAP") {
      obstacles["security.capabilities.drop"] =
        "berth may not take rights from the programs that a process starts"
    }
    if !rights.has("SETPCAP") || !rights.mayChangeUser {
      obstacles["security.capabilities.add"] = "berth has no rights to give"
    }
    #if !os(Linux)
      for field in ["security.noNewPrivileges", "resources.oomScore", "resources.cpuset"] {
        obstacles[field] = "this system knows nothing of it"
      }
    #endif
    return obstacles
  }
}
