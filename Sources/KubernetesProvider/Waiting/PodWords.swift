import KubernetesAPI
import Planning
import ProviderKit
import Values

/// What a pod and the cluster said when something went wrong: the last lines of its containers, and events.
struct PodWords: Sendable {
  let client: KubernetesClient
  let namespace: String
  /// Tells what the cluster said since the action began.
  let clock: RunClock

  /// How many lines of a container are told.
  private static let lines = 10
  /// How long asking for them may take: it is an addition to a failure, and must not hide it.
  private static let patience = Duration.seconds(5)

  /// The last lines that a container wrote, this time or the time before; none if they can't be had.
  func tail(of container: String, in pod: KubernetesObject) async -> [LogLine] {
    let instance = pod.instance
    let read = { @Sendable (previous: Bool) async throws -> [LogLine] in
      let query = PodLogQuery(container: container, previous: previous, tail: Self.lines, times: true)
      var lines: [LogLine] = []
      for try await line in try await client.pods.logs(pod.name, in: namespace, query) {
        let time = line.time.map { Timestamp(milliseconds: $0.seconds * 1000) }
        lines.append(
          LogLine(
            instance: instance, service: container,
            at: time ?? lines.last?.at ?? Timestamp(milliseconds: 0),
            isError: false, bytes: line.bytes, goesOn: line.goesOn))
      }
      return lines
    }
    let now = try? await inTime(Self.patience) { try await read(false) }
    if let now, !now.isEmpty { return now }
    return (try? await inTime(Self.patience) { try await read(true) }) ?? []
  }

  /// What the cluster has warned of an object since the action began, newest last; none if it may not be read.
  func warnings(of object: KubernetesObject) async -> [String] {
    let selection = Selection(fields: "involvedObject.uid=\(object.uid),type=Warning")
    let found = try? await inTime(Self.patience) { [client, namespace] in
      try await client.objects(.events).list(in: namespace, selection).items
    }
    let events = (try? await inTime(Self.patience) { [clock] in await clock.newEvents(found ?? []) }) ?? []
    // That it is tried again later, or is an error, tells nothing more.
    return events.compactMap { $0["message"]?.string?.oneLine }.filter {
      !$0.hasPrefix("Back-off ") && !$0.hasPrefix("Error: ")
    }
  }
}

extension KubernetesObject {
  /// Whether a StatefulSet has made a pod, also one that is gone.
  var isOfStatefulSet: Bool {
    let owner = (metadata["ownerReferences"]?.array ?? []).first { $0["controller"]?.bool == true }
    return owner?["kind"]?.string == "StatefulSet" || labels["statefulset.kubernetes.io/pod-name"] == name
  }

  /// The instance that a pod is: of a stateful set, in its place.
  var instance: InstanceID {
    if isOfJob { return .before }
    if isOfStatefulSet,
      let number = name.split(separator: "-").last.flatMap({ Int($0) })
    {
      return InstanceID(number)
    }
    return InstanceID(name: name) ?? InstanceID(0)
  }
}
