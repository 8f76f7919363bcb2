import CProcess
import Supervisor

/// Why processes can't have things for themselves on this machine, where they can't: what no file tells, and is tried.
struct SpaceObstacles {
  /// Those of this machine. It is tried once, with a folder that each system has.
  static let found = SpaceObstacles()

  /// Why nothing can be mounted.
  let mounts: String?
  /// Why a service can't have a network of its own.
  let network: String?
  /// Why a service can't have a host name of its own.
  let hostName: String?

  private init() {
    var trials = berth_trials()
    berth_try_spaces("/etc", &trials)
    mounts = trials.mounts == 0 ? nil : "berth may not mount anything here"
    network = Self.obstacle("a network", trials.network)
    hostName = Self.obstacle("a host name", trials.host_name)
  }

  private static func obstacle(_ what: String, _ code: Int32) -> String? {
    code == 0 ? nil : "berth may not make \(what) for a process here (\(SystemError.text(for: code)))"
  }
}
