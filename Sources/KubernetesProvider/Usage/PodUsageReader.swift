import KubernetesAPI
import Planning
import ProviderKit
import Values

/// Reads what the services of a workload use, as the cluster's metrics API tells it: for each container, a mean over the
/// last seconds.
struct PodUsageReader: Sendable {
  let client: KubernetesClient
  let namespace: String
  /// Which pods are the workload's.
  let selection: Selection
  /// The instance that a pod is; `nil` if it is none of the workload's.
  let instance: @Sendable (KubernetesObject) -> InstanceID?

  private static let metrics = ResourceType(
    group: "metrics.k8s.io", version: "v1beta1", plural: "pods", kind: "PodMetrics")

  /// What the containers use that run, by instance and service. What started a moment ago is not measured yet.
  ///
  /// - Throws: `ProviderError` if the cluster measures nothing; `KubernetesError`.
  func read() async throws -> [ServiceUsage] {
    let pods = try await client.objects(.pods).list(in: namespace, selection).items
    let running = pods.filter { pod in
      instance(pod) != nil && containers(of: pod).contains { $0.at("state", "running") != nil }
    }
    // Of what does not run, nothing is used, whether or not the cluster measures.
    guard !running.isEmpty else { return [] }
    let measured: [KubernetesObject]
    do {
      measured = try await client.objects(Self.metrics).list(in: namespace, selection).items
    } catch let error as KubernetesError where error.isNotFound {
      throw ProviderError(
        "the cluster does not measure what pods use: it has no metrics API (metrics.k8s.io)",
        help: "install metrics-server, or ask the cluster's owner to")
    }
    let byName = Dictionary(measured.map { ($0.name, $0) }) { first, _ in first }
    return running.flatMap { pod in byName[pod.name].map { usage(of: pod, $0) } ?? [] }
      .sorted { ($0.instance, $0.service) < ($1.instance, $1.service) }
  }

  private func containers(of pod: KubernetesObject) -> [JSON] {
    ["initContainerStatuses", "containerStatuses"].flatMap { pod.json.at("status", $0)?.array ?? [] }
  }

  private func usage(of pod: KubernetesObject, _ measured: KubernetesObject) -> [ServiceUsage] {
    let at = measured["timestamp"]?.string.flatMap { ServerTime($0) }
    return (measured["containers"]?.array ?? []).compactMap { container in
      guard let at, let instance = instance(pod), let service = container["name"]?.string,
        let memory = container.at("usage", "memory")?.string.flatMap(MeasuredQuantity.read)
      else { return nil }
      return ServiceUsage(
        instance: instance, service: service, at: Timestamp(at), cpuTime: nil,
        processorsBusy: container.at("usage", "cpu")?.string.flatMap(MeasuredQuantity.read),
        memory: UInt64(memory), memoryLimit: memoryLimit(of: service, in: pod))
    }
  }

  private func memoryLimit(of service: String, in pod: KubernetesObject) -> UInt64? {
    ["initContainers", "containers"].flatMap { pod.json.at("spec", $0)?.array ?? [] }
      .first { $0["name"]?.string == service }?.at("resources", "limits", "memory")?.string
      .flatMap(MeasuredQuantity.read).map { UInt64($0) }
  }
}

extension Timestamp {
  /// A moment as a server tells it, to the millisecond.
  init(_ time: ServerTime) {
    self.init(milliseconds: time.seconds * 1000 + Int64(time.nanoseconds / 1_000_000))
  }
}
