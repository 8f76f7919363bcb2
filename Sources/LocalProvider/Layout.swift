import Planning
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
///       logs/<service>.log, <service>.log.1            what the service wrote
///     volumes/<namespace>_<workload>_<volume>[_<ordinal>]/
///       volume.json, data/                             a persistent volume
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
    let parts = name.dropFirst(prefix(of: key).count).split(
      separator: "_", omittingEmptySubsequences: false)
    guard let ordinal = parts.first.flatMap({ Int($0) }), ordinal >= 0 else { return nil }
    let id: InstanceID
    switch parts.count {
    case 1: id = InstanceID(ordinal)
    case 2:
      guard parts[1].hasPrefix("g"), let generation = Int(parts[1].dropFirst()), generation > 0 else {
        return nil
      }
      id = InstanceID(ordinal, generation: generation)
    default: return nil
    }
    // Numbers can be written in more than one way; names can't.
    return "\(prefix(of: key))\(id)" == name ? id : nil
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
