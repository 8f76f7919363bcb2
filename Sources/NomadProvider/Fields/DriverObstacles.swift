import ProviderKit
import WorkloadSpec

extension TaskRow {
  /// The row as it is on a cluster with these facts: of what an older version, or another driver, has nothing for, it says so.
  func narrowed(to facts: EngineFacts) -> TaskRow {
    guard field.treatment.isTold else { return self }
    if let obstacle = facts.obstacles[path] { return recordedOnly(obstacle) }
    guard let gap = facts.driver.gap(in: path) else {
      if path == "workingDir", !facts.driver.runsImages, let obstacle = facts.obstacle(to: .workingDir) {
        return .refused(path, because: obstacle)
      }
      return self
    }
    let words = "the driver \(facts.driver.rawValue) has nothing for it"
    switch gap {
    case .recorded: return recordedOnly(words)
    case .ignored: return recordedOnly("the driver \(facts.driver.rawValue) runs no images")
    case .refused: return .refused(path, because: words)
    }
  }

  /// The row of a field that is only recorded here.
  private func recordedOnly(_ reason: String) -> TaskRow {
    let path = path
    return .recorded(path, because: reason) { reading, service in
      service.takeRecorded(path, from: reading.stated.fields)
    }
  }
}

/// What becomes of a field that a driver has nothing for.
enum DriverGap: Sendable {
  /// A service does its work without it.
  case recorded
  /// The driver runs no images, of which it is said.
  case ignored
  /// A service can't be without it, or would be more than it says.
  case refused
}

extension NomadDriver {
  /// What becomes of a field of a service that the driver has nothing for; `nil` if it has something.
  func gap(in path: String) -> DriverGap? {
    switch self {
    case .docker: nil
    case .podman: Self.ofPodman[path]
    case .exec, .rawExec: ofProcesses(path)
    }
  }

  private static let ofPodman: [String: DriverGap] = [
    "runtime": .refused, "groups": .refused, "stdin": .recorded, "resources.cpuset": .recorded,
    "resources.oomScore": .recorded, "security.devices.source": .refused, "security.devices.path": .refused,
    "security.devices.permissions": .refused, "logging.options": .recorded,
  ]

  private func ofProcesses(_ path: String) -> DriverGap? {
    if self == .exec, path.hasPrefix("security.capabilities.") { return nil }
    if path.hasPrefix("security.") || path.hasPrefix("network.dns.") && self == .rawExec { return .refused }
    switch path {
    case "image", "pullPolicy", "platform": return path == "platform" ? nil : .ignored
    case "runtime", "groups", "hostname", "network.aliases", "network.extraHosts", "network.sysctls":
      return .refused
    case "init", "tty", "stdin", "logging.driver", "logging.options", "annotations": return .recorded
    case "resources.pids", "resources.shm", "resources.cpuset", "resources.oomScore": return .recorded
    default: return path.hasPrefix("resources.ulimits.") ? .recorded : nil
    }
  }
}

extension ServiceFields {
  /// Has a field of which nothing is told be what was stated.
  fileprivate mutating func takeRecorded(_ path: String, from stated: ServiceFields) {
    switch path {
    case "image": image = stated.image
    case "pullPolicy": pullPolicy = stated.pullPolicy
    case "groups": groups = stated.groups
    case "hostname": hostname = stated.hostname
    case "init": `init` = stated.`init`
    case "tty": tty = stated.tty
    case "stdin": stdin = stated.stdin
    case "logging.driver": logging.driver = stated.logging.driver
    case "logging.options": logging.options = stated.logging.options
    case "annotations": annotations = stated.annotations
    case "resources.pids": resources.pids = stated.resources.pids
    case "resources.shm": resources.shm = stated.resources.shm
    case "resources.cpuset": resources.cpuset = stated.resources.cpuset
    case "resources.oomScore": resources.oomScore = stated.resources.oomScore
    case "resources.ulimits.name": resources.ulimits = stated.resources.ulimits
    // What stands in an element is told with the element.
    default: break
    }
  }
}
