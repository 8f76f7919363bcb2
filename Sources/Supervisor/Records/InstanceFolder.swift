import Crypto
import Values

/// The paths of what lies in the folder of an instance, and the names of the control groups that belong to it.
package struct InstanceFolder: Sendable, Equatable {
  package let path: String

  package init(path: String) { self.path = path }

  /// What the supervisor knows.
  package var state: String { path + "/" + Self.stateName }
  /// Held by the supervisor, and after its death by its guard until nothing is left of it.
  package var lock: String { path + "/supervisor.lock" }
  /// What the supervisor itself has to say, which should be nothing.
  package var supervisorLog: String { path + "/supervisor.log" }
  package var logs: String { path + "/logs" }
  package var services: String { path + "/services" }

  /// The name of the file of what the supervisor knows.
  package static let stateName = "state.json"
  /// The name of the socket on which the supervisor answers.
  package static let socketName = "supervisor.sock"

  /// The control groups of a service, whose name tells homes, instances and services apart.
  package func group(of service: String, in groups: ControlGroups) -> ServiceGroup {
    ServiceGroup(groups: groups, name: "\(groupPrefix)\(name)_\(service)")
  }

  /// Takes away the control groups of all services, with every process in them.
  func removeGroups(in groups: ControlGroups) {
    groups.remove { owner(ofGroup: $0) == name }
  }

  /// Takes away the control groups of instances of this home that are not there any more.
  func removeForgottenGroups(in groups: ControlGroups) {
    groups.remove { owner(ofGroup: $0).map { !Files.isFolder("\(home)/\($0)") } ?? false }
  }

  /// The folder's name of the instance that a control group belongs to; `nil` if it is none of this home.
  func owner(ofGroup group: String) -> String? {
    guard group.hasPrefix(groupPrefix), let end = group.lastIndex(of: "_") else { return nil }
    let name = group[..<end].dropFirst(groupPrefix.count)
    return name.isEmpty ? nil : String(name)
  }

  private var name: String { path.lastPart }
  private var home: String { path.dropLastPart }

  /// A path is too long for a name, so that the home goes into it as a digest.
  private var groupPrefix: String {
    "berth_\(Hex.lower(SHA256.hash(data: Array(home.utf8)).prefix(4)))_"
  }

  /// Where that goes which took the place of a volume that is on another file system.
  var recovered: String { home.dropLastPart + "/recovered" }

  /// Whether a path is the folder of a volume under this home.
  func isVolume(_ path: String) -> Bool {
    let parent = path.dropLastPart
    return parent.hasPrefix(home + "/") && parent.hasSuffix("/volumes")
      && parent.dropLastPart.dropLastPart == home
      || path.hasSuffix("/data") && parent.dropLastPart == home.dropLastPart + "/volumes"
  }

  func service(_ name: String) -> String { "\(services)/\(name)" }
  /// What a service sees as its root.
  package func root(of service: String) -> String { "\(services)/\(service)/root" }
  /// An ephemeral volume.
  package func volume(_ name: String) -> String { "\(path)/volumes/\(name)" }
  package func log(of service: String) -> String { "\(logs)/\(service).log" }
}
