import Crypto
import Planning
import Values
import WorkloadSpec

/// Where things lie under the provider's home.
///
/// `_` joins the parts of a name, since no part can contain it:
///
///     bin/berth-<digest>                               the programs that supervisors run
///     instances/<namespace>_<workload>_<instance>/     one instance
///       state.json                                     what its supervisor knows
///       supervisor.sock, supervisor.lock, supervisor.log
///       services/<service>/root/                       what the service sees
///       volumes/<volume>/                              ephemeral volumes
///       volumes/<volume>.recovered-<number>            what took the place of one
///       logs/<service>.log, <service>.log.1            what the service wrote
///     instances/<namespace>_<workload>_before/         what runs once per run, before the instances
///     ports/<namespace>_<workload>.json                the ports that it keeps for others
///     volumes/<namespace>_<workload>_<volume>[_<ordinal>]/
///       volume.json, data/                             a persistent volume
///     volumes/<namespace>_<workload>_<volume>[_<ordinal>].recovered-<number>
///                                                      what took the place of one
struct Layout: Sendable, Equatable {
  /// The provider's home.
  let home: String

  /// Where the programs are that supervisors run.
  var programs: String { home + "/bin" }
  /// Where the instances are.
  var instances: String { home + "/instances" }
  /// Where the persistent volumes are.
  var volumes: String { home + "/volumes" }
  /// Held while a supervisor is being started: the actions of one instance may find it without one at once.
  var launchLock: String { home + "/launch.lock" }
  /// Where the ports are that workloads keep.
  var ports: String { home + "/ports" }
  /// The ports that a workload keeps because others refer to them.
  func heldPorts(of key: WorkloadKey) -> String { "\(ports)/\(key.namespace)_\(key.name).json" }
  /// Held while ports are being assigned.
  var portsLock: String { home + "/ports.lock" }

  /// What the names of a workload's instances and volumes start with.
  func prefix(of key: WorkloadKey) -> String { "\(key.namespace)_\(key.name)_" }

  /// The folder of an instance.
  func instance(_ id: InstanceID, of key: WorkloadKey) -> InstanceFolder {
    InstanceFolder(path: "\(instances)/\(prefix(of: key))\(id)")
  }

  /// Where an instance is put together before it appears under its name at once.
  func newInstance(_ id: InstanceID, of key: WorkloadKey) -> InstanceFolder {
    InstanceFolder(path: "\(instances)/.new_\(prefix(of: key))\(id)")
  }

  /// Where an instance is taken apart, after it disappeared from its name at once.
  func oldInstance(_ id: InstanceID, of key: WorkloadKey) -> InstanceFolder {
    InstanceFolder(path: "\(instances)/.old_\(prefix(of: key))\(id)")
  }

  /// The folder of a persistent volume.
  func volume(_ name: String, ordinal: Int?, of key: WorkloadKey) -> VolumeFolder {
    VolumeFolder(path: "\(volumes)/\(prefix(of: key))\(name)" + (ordinal.map { "_\($0)" } ?? ""))
  }

  /// The instance that a folder's name stands for; `nil` if it is not one of this workload.
  func instanceID(_ name: String, of key: WorkloadKey) -> InstanceID? {
    guard name.hasPrefix(prefix(of: key)) else { return nil }
    return InstanceID(text: name.dropFirst(prefix(of: key).count))
  }

  /// The volume that a folder's name stands for; `nil` if it is not one of this workload.
  func volumeName(_ name: String, of key: WorkloadKey) -> (name: String, ordinal: Int?)? {
    guard name.hasPrefix(prefix(of: key)) else { return nil }
    let parts = name.dropFirst(prefix(of: key).count).split(
      separator: "_", omittingEmptySubsequences: false)
    guard let volume = parts.first, DNSLabel.isValid(String(volume)) else { return nil }
    switch parts.count {
    case 1: return (String(volume), nil)
    case 2: return Int(parts[1]).map { (String(volume), $0) }
    default: return nil
    }
  }
}

/// The folder of an instance.
struct InstanceFolder: Sendable, Equatable {
  /// The folder.
  let path: String

  /// What the supervisor knows.
  var state: String { path + "/" + Self.stateName }
  /// Held by the supervisor, and after its death by its guard until nothing is left of it.
  var lock: String { path + "/supervisor.lock" }
  /// What the supervisor itself has to say, which should be nothing.
  var supervisorLog: String { path + "/supervisor.log" }
  /// The folder of the logs.
  var logs: String { path + "/logs" }
  /// The folder of the services.
  var services: String { path + "/services" }

  /// The name of the file of what the supervisor knows.
  static let stateName = "state.json"
  /// The name of the socket on which the supervisor answers.
  static let socketName = "supervisor.sock"

  /// The control groups of a service, whose name tells homes, instances and services apart.
  func group(of service: String, in groups: ControlGroups) -> ServiceGroup {
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

  /// The folder of a service.
  func service(_ name: String) -> String { "\(services)/\(name)" }
  /// What a service sees as its root.
  func root(of service: String) -> String { "\(services)/\(service)/root" }
  /// An ephemeral volume.
  func volume(_ name: String) -> String { "\(path)/volumes/\(name)" }
  /// The log of a service.
  func log(of service: String) -> String { "\(logs)/\(service).log" }
}

/// The folder of a persistent volume.
struct VolumeFolder: Sendable, Equatable {
  /// The folder.
  let path: String

  /// What the volume is.
  var description: String { path + "/volume.json" }
  /// What services see.
  var data: String { path + "/data" }
}

extension String {
  /// A path without its last part.
  var dropLastPart: String { String(self[..<(lastIndex(of: "/") ?? endIndex)]) }
  /// The last part of a path.
  var lastPart: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }
}
