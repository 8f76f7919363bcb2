import Planning
import Supervisor
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

/// The folder of a persistent volume.
struct VolumeFolder: Sendable, Equatable {
  let path: String

  /// The file of its ``VolumeRecord``.
  var recordFile: String { path + "/volume.json" }
  /// What services see.
  var data: String { path + "/data" }
}
