import KubernetesAPI
import Planning
import ProviderKit
import Synchronization

/// Reads what the services of a workload write, in all its pods.
struct PodLogReader: Sendable {
  let client: KubernetesClient
  let namespace: String
  /// Which pods are the workload's.
  let selection: Selection
  /// Which lines are wanted.
  let query: LogQuery
  /// The instance that a pod is; `nil` if it is none of the workload's.
  let instance: @Sendable (KubernetesObject) -> InstanceID?

  /// How long after a log has ended, or broken off, it is looked whether it goes on.
  private static let pause = Duration.milliseconds(500)

  /// Gives the lines that are kept, by time; when following, then those that come, as they come, also those of
  /// containers that restart and of pods that are new. That ends by cancellation only.
  func read(_ give: @escaping @Sendable (LogLine) -> Void) async throws {
    let pods = try await client.objects(.pods).list(in: namespace, selection)
    let found = await containers(of: pods.items).concurrentMap(atOnce: 16) {
      container -> Result<(ContainerLogReader, [LogLine]), any Error> in
      var reader = ContainerLogReader(
        client: client, namespace: namespace, container: container, since: query.since)
      do {
        let lines = try await reader.kept(tail: query.tail)
        return .success((reader, lines))
      } catch { return .failure(error) }
    }
    let logs = try found.map { try $0.get() }
    let lines = logs.flatMap(\.1).enumerated()
    for line in lines.sorted(by: { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }) {
      give(line.element)
    }
    guard query.follow else { return }
    let readers = Dictionary(logs.map { ($0.0.container, $0.0) }) { first, _ in first }
    try await follow(from: pods, readers, give)
  }

  private func containers(of pods: [KubernetesObject]) -> [LoggedContainer] {
    pods.compactMap { pod in instance(pod).map { (pod, $0) } }.sorted {
      ($0.1, $0.0.name) < ($1.1, $1.0.name)
    }
    .flatMap { LoggedContainer.all(of: $0.0, as: $0.1, query) }
  }

  private func follow(
    from list: ObjectList, _ readers: [LoggedContainer: ContainerLogReader],
    _ give: @escaping @Sendable (LogLine) -> Void
  ) async throws {
    let pods = SeenPods()
    pods.replace(by: list.items)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var followed: Set<LoggedContainer> = []
      let watch = client.objects(.pods).watch(in: namespace, selection, from: list.resourceVersion)
      var events = watch.makeAsyncIterator()
      repeat {
        for container in containers(of: pods.all) where followed.insert(container).inserted {
          let reader =
            readers[container]
            ?? ContainerLogReader(
              client: client, namespace: namespace, container: container, since: query.since)
          group.addTask { try await follow(reader, among: pods, give) }
        }
        guard let event = try await events.next() else { return }
        switch event {
        case .listed(let list): pods.replace(by: list.items)
        case .added(let pod), .modified(let pod): pods.put(pod)
        case .deleted(let pod): pods.remove(pod)
        }
      } while true
    }
  }

  /// Follows a container from life to life, until its pod is gone.
  private func follow(
    _ reader: ContainerLogReader, among pods: SeenPods, _ give: (LogLine) -> Void
  ) async throws {
    var reader = reader
    let container = reader.container
    var last: String?
    while true {
      guard let pod = pods[container.uid] else { break }
      let life = container.life(in: pod)
      if let life, life != last || container.runs(in: pod) {
        do { try await reader.follow(give) } catch let error as KubernetesError {
          // What breaks off goes on where it was; what is refused does not.
          if error.isForbidden || error.isUnauthorized { throw error }
        }
        last = life
      }
      try await Task.sleep(for: Self.pause)
    }
    // What it wrote last may still be there.
    do { try await reader.follow(give) } catch is KubernetesError {}
  }
}

/// The pods of a workload, as the last events tell them.
private final class SeenPods: Sendable {
  private let pods = Mutex<[String: KubernetesObject]>([:])

  subscript(uid: String) -> KubernetesObject? { pods.withLock { $0[uid] } }
  var all: [KubernetesObject] { pods.withLock { Array($0.values) } }

  func replace(by list: [KubernetesObject]) {
    pods.withLock { $0 = Dictionary(list.map { ($0.uid, $0) }) { first, _ in first } }
  }
  func put(_ pod: KubernetesObject) { pods.withLock { $0[pod.uid] = pod } }
  func remove(_ pod: KubernetesObject) { pods.withLock { $0[pod.uid] = nil } }
}
