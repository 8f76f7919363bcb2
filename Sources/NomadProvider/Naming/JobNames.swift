import Planning
import WorkloadSpec

/// What the jobs of a workload, and what belongs to them, are called. `_` joins the parts of a name, since no name of a spec may
/// have it; where only letters, digits and hyphens may stand, `--` does:
///
///     NAME                      the job
///     NAME_SERVICE              the job of a service that runs once per run
///     NAME_VOLUME               a persistent volume; Nomad adds `[INDEX]` for the instances of a stateful set
///     SERVICE_PORT              a port of the group; with `_udp` behind it, one for UDP alone
///     NAME--SERVICE--PORT       what a port of a service is found by
///     nomad/jobs/JOB/instance/SERVICE   the variable that holds the secrets of a service
struct JobNames: Sendable, Equatable {
  let key: WorkloadKey

  /// What joins the parts of a name that is one of DNS.
  static let joint = "--"
  /// The group whose instances are the workload's.
  static let group = "instance"
  /// The group that never has an instance, and holds berth's marks.
  static let marks = "berth"

  /// The job that holds the instances.
  var job: String { key.name }

  /// The job of a service that runs once per run.
  func job(of service: String) -> String { "\(key.name)_\(service)" }

  /// What a persistent volume is called where the spec names no other.
  func volume(_ name: String) -> String { "\(key.name)_\(name)" }

  /// What a port of a service is called within a group.
  static func port(_ number: Int, of service: String, isUDP: Bool = false) -> String {
    "\(service.replacing("-", with: "_"))_\(number)\(isUDP ? datagrams : "")"
  }

  /// What follows the name of a port that is for UDP alone.
  static let datagrams = "_udp"

  /// What a port of a service of a workload is found by.
  static func service(_ name: String, _ port: Int, of workload: String, isUDP: Bool = false) -> String {
    [workload, name, "\(port)\(isUDP ? "-udp" : "")"].joined(separator: joint)
  }

  /// The path of the variable that holds the secrets of a service: its task may read it by itself.
  static func variable(of service: String, in job: String) -> String {
    "nomad/jobs/\(job)/\(group)/\(service)"
  }

  // MARK: Instances

  /// The instance that an allocation is.
  ///
  /// - Parameters:
  ///   - allocation: its identifier.
  ///   - number: its place, as its name has it.
  static func instance(_ allocation: String, _ number: Int?, _ kind: WorkloadKind) -> InstanceID {
    if kind.hasStableInstances, let number { return InstanceID(number) }
    // The first part is what Nomad's own program shows. One of digits alone could be taken for a place.
    let parts = allocation.split(separator: "-").map(String.init)
    return InstanceID(name: parts.first ?? allocation) ?? InstanceID(
      name: parts.prefix(2).joined(separator: "-"))
      ?? InstanceID(0)
  }
}
