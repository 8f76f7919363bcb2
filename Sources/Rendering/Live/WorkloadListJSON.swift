import Planning
import Values

/// The workloads of a target for programs.
public enum WorkloadListJSON {
  /// An object with the keys `workloads` and `nextCursor`: where the next page begins, or `null`. Each workload
  /// has these keys; what is not known is `null`:
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `workload`, `namespace`, `target` | names |
  /// | `state` | the worst state of the instances; `null` if there are none |
  /// | `isReady`, `readyInstances`, `instances` | whether all are ready, how many are, and how many there are |
  /// | `release`, `appliedAt` | the number of the last release, and when it was recorded |
  /// | `labels` | the labels of the last release |
  /// | `operatorState` | what operators asked: `stopped`, a list of `instance` and `service` (`null` means all), `suspension` with `reason`, `by` and `since`, and `rollout`, the paused one, with `strategy`, `instances`, `replicas`, `by` and `since` |
  public static func render(_ workloads: [WorkloadStatus], nextCursor: String?) -> String {
    CanonicalJSON.pretty(["workloads": .list(workloads.map(value)), "nextCursor": Value(nextCursor)])
  }

  private static func value(_ workload: WorkloadStatus) -> Value {
    [
      "workload": .string(workload.key.name),
      "namespace": .string(workload.key.namespace),
      "target": .string(workload.target),
      "state": Value(workload.state?.rawValue),
      "isReady": .bool(workload.isReady),
      "readyInstances": Value(workload.readyInstances),
      "instances": Value(workload.observation.instances.count),
      "release": Value(workload.release?.number),
      "appliedAt": Value(workload.release?.recordedAt.description),
      "labels": workload.release?.snapshot?.labels.plain ?? .null,
      "operatorState": OperatorStateJSON.value(workload.operatorState),
    ]
  }
}
