import Planning
import WorkloadSpec

/// What the objects of a workload are called. `--` joins the parts of a name, since no part may contain it:
///
///     NAME                      the Service; the Deployment or StatefulSet of the first generation; the budget
///     NAME--gN                  the Deployment of a later generation
///     NAME--pods                the Service that gives each pod of a stateful set a name
///     NAME--VOLUME              the claim of a deployment's persistent volume
///     NAME--SERVICE             the Job of a service that runs once per run
///     NAME--SERVICE--DIGEST     config files, and secrets, of a service
///     NAME--SERVICE--registry-DIGEST   what the registries of a service's image are shown
struct ObjectNames: Sendable, Equatable {
  let key: WorkloadKey

  /// What joins the parts of a name.
  static let joint = "--"

  /// The Service by which others reach the workload.
  var service: String { key.name }
  /// The Service that gives each pod of a stateful set a name of its own.
  var pods: String { join("pods") }
  /// The disruption budget.
  var budget: String { key.name }

  /// The Deployment or StatefulSet of a generation, counted from 1.
  func controller(_ generation: Int) -> String { generation <= 1 ? key.name : join("g\(generation)") }

  /// The claim of a persistent volume of a deployment.
  func claim(of volume: String) -> String { join(volume) }

  /// The claim that a stateful set makes of its template of a volume, for the pod in a place.
  func claim(of volume: String, ordinal: Int) -> String { "\(volume)-\(key.name)-\(ordinal)" }

  /// The Job of a service that runs once per run.
  func job(of service: String) -> String { join(service) }

  /// What holds config files or secrets of a service.
  func config(of service: String, digest: String) -> String { join(service, digest) }

  /// What holds a service's credentials for registries.
  func registry(of service: String, digest: String) -> String { join(service, "registry-\(digest)") }

  /// Whether a name is one that config, secrets or credentials of a service have.
  func isConfig(_ name: String?, of service: String) -> Bool {
    name?.hasPrefix(join(service) + Self.joint) == true
  }

  private func join(_ parts: String...) -> String { ([key.name] + parts).joined(separator: Self.joint) }

  // MARK: Within a pod

  /// The pod's volume that holds a service's config files.
  static func files(of service: String) -> String { service + joint + "config" }
  /// The pod's volume that holds the files of a service's secrets.
  static func secrets(of service: String) -> String { service + joint + "secrets" }
  /// The pod's volume that is a service's `/dev/shm`.
  static func sharedMemory(of service: String) -> String { service + joint + "shm" }
  /// Whether a volume of a pod is one of those, and none of the spec.
  static func isOwn(_ volume: String) -> Bool { volume.contains(joint) }
}
