import KubernetesAPI
import Planning
import ProviderKit
import Values
import Wire

/// A container whose log is read: one service of one pod.
struct LoggedContainer: Sendable, Hashable {
  /// The pod's name.
  let pod: String
  /// What tells the pod from another one of that name.
  let uid: String
  let instance: InstanceID
  /// The service, and the container: they have one name.
  let service: String

  /// The containers of a pod that a query wants, in the order in which they start.
  static func all(of pod: KubernetesObject, as instance: InstanceID, _ query: LogQuery) -> [LoggedContainer] {
    ["initContainers", "containers"].flatMap { pod.json.at("spec", $0)?.array ?? [] }
      .compactMap { $0["name"]?.string }.filter { query.wants($0, of: instance) }
      .map { LoggedContainer(pod: pod.name, uid: pod.uid, instance: instance, service: $0) }
  }

  /// What a pod's status says of the container.
  func status(in pod: KubernetesObject) -> JSON? {
    ["initContainerStatuses", "containerStatuses"].flatMap { pod.json.at("status", $0)?.array ?? [] }
      .first { $0["name"]?.string == service }
  }

  /// Names the life that the container is in: another text after each restart; `nil` before the first.
  func life(in pod: KubernetesObject) -> String? {
    status(in: pod)?["containerID"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether the container runs, as far as the status knows.
  func runs(in pod: KubernetesObject) -> Bool { status(in: pod)?.at("state", "running") != nil }

  /// A line as the container's service wrote it.
  ///
  /// - Parameter at: when it was written.
  func line(_ line: LoggedLine, at time: ServerTime) -> LogLine {
    LogLine(
      instance: instance, service: service,
      at: Timestamp(time), isError: false,
      bytes: line.bytes, goesOn: line.goesOn)
  }
}
