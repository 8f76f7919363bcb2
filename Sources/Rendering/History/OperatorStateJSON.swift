import Planning
import Values

/// What operators asked of a workload, for programs.
enum OperatorStateJSON {
  static func value(_ state: OperatorState) -> Value {
    [
      "stopped": .list(
        state.stopped.sorted().map { ["instance": Value($0.ordinal), "service": Value($0.service)] }),
      "suspension": state.suspension.map { suspension in
        [
          "reason": .string(suspension.reason), "by": .string(suspension.by),
          "since": .string(suspension.since.description),
        ]
      } ?? .null,
      "rollout": state.rollout.map { rollout in
        [
          "strategy": .string(rollout.snapshot.strategy.type.rawValue),
          "instances": .list(rollout.instances.map { .string($0.description) }),
          "count": Value(rollout.count), "replicas": Value(rollout.places), "by": .string(rollout.pause.by),
          "since": .string(rollout.pause.since.description),
        ]
      } ?? .null,
    ]
  }
}
