import ClusterNodes
import Values

/// Clusters for programs.
public enum ClusterJSON {
  /// An object with the keys `clusters` and `unavailable`. A cluster is as ``status(_:on:)`` has it; a target that could
  /// not be asked has `target`, `code`, `message` and `help`.
  public static func list(_ targets: [TargetClusters]) -> String {
    CanonicalJSON.pretty([
      "clusters": .list(targets.flatMap { target in target.clusters.map { value($0, on: target.target) } }),
      "unavailable": .list(
        targets.compactMap { target in
          target.problem.map { problem in
            [
              "target": .string(target.target), "code": .string(problem.code.rawValue),
              "message": .string(problem.message), "help": Value(problem.help),
            ]
          }
        }),
    ])
  }

  /// An object with these keys; what is not known is `null`:
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `cluster`, `scheme`, `target` | names |
  /// | `phase` | `running`, `stopped`, `degraded` or `unknown` |
  /// | `total`, `ready` | how many nodes there are, and how many of them are ready |
  /// | `endpoint` | where its API is served |
  /// | `belongings` | networks and volumes that carry its labels, each with `kind`, `name` and `id` |
  /// | `gaps` | what could not be asked |
  public static func status(_ cluster: Cluster, on target: String) -> String {
    CanonicalJSON.pretty(value(cluster, on: target))
  }

  /// An object with `cluster`, `scheme`, `target`, `gaps` and `nodes`. A node has `node`, `id`, `role`, `rawRole`, `state`,
  /// `rawState`, `addresses`, `endpoint`, `location` and `note`; what is not known is `null`.
  public static func nodes(_ cluster: Cluster, on target: String) -> String {
    CanonicalJSON.pretty([
      "cluster": .string(cluster.id.name), "scheme": .string(cluster.id.scheme), "target": .string(target),
      "gaps": .list(cluster.gaps.map(Value.string)), "nodes": .list(cluster.nodes.map(value)),
    ])
  }

  /// An object with these keys:
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `operation` | `start`, `stop` or `delete` |
  /// | `items` | what became of each node, network and volume: `kind`, `name`, `outcome` (`unchanged`, `succeeded`, `failed`, `not-tried`), `message`, `durationMilliseconds` |
  /// | `moved` | nodes with other addresses than before: `node`, `before`, `now` |
  /// | `status` | the cluster as it is now, as ``status(_:on:)`` has it; `null` if it is gone or could not be asked |
  public static func change(_ change: ClusterChange, on target: String) -> String {
    CanonicalJSON.pretty([
      "operation": .string(change.operation.rawValue),
      "cluster": .string(change.before.id.name), "scheme": .string(change.before.id.scheme),
      "target": .string(target), "items": .list(change.ends.map(value)),
      "moved": .list(
        change.moved.map { node in
          [
            "node": .string(node.node), "before": .list(node.before.map(Value.string)),
            "now": .list(node.now.map(Value.string)),
          ]
        }),
      "status": change.now.map { value($0, on: target) } ?? .null,
    ])
  }

  private static func value(_ cluster: Cluster, on target: String) -> Value {
    [
      "cluster": .string(cluster.id.name), "scheme": .string(cluster.id.scheme), "target": .string(target),
      "phase": .string(cluster.phase.rawValue), "total": Value(cluster.total), "ready": Value(cluster.ready),
      "endpoint": Value(cluster.endpoint),
      "belongings": .list(
        cluster.belongings.map {
          ["kind": .string($0.kind.rawValue), "name": .string($0.name), "id": .string($0.id)]
        }),
      "gaps": .list(cluster.gaps.map(Value.string)),
    ]
  }

  private static func value(_ node: ClusterNode) -> Value {
    [
      "node": .string(node.name), "id": .string(node.id), "role": .string(node.role.rawValue),
      "rawRole": .string(node.rawRole), "state": .string(node.state.rawValue),
      "rawState": .string(node.rawState), "addresses": .list(node.addresses.map(Value.string)),
      "endpoint": Value(node.endpoint), "location": Value(node.location), "note": Value(node.note),
    ]
  }

  private static func value(_ end: ItemEnd) -> Value {
    let parts = end.duration.components
    return [
      "kind": .string(end.item.kind), "name": .string(end.item.name),
      "outcome": .string(end.outcome.rawValue),
      "message": Value(end.message),
      "durationMilliseconds": .int(parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000),
    ]
  }
}
