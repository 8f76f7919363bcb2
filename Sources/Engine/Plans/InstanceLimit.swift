import Diagnostics
import Planning
import ProviderKit

/// The most instances that the workloads of a namespace may have together on a target.
///
/// One limit is shared by everything that a command plans, so that workloads which would fit one by one are
/// refused where they do not fit together. What others apply meanwhile is not seen.
public actor InstanceLimit {
  /// How many there may be.
  private let maximum: Int
  /// The target, as its name is.
  private let target: String
  /// The instances of each workload, from the first time that they have to be counted.
  private var counts: [WorkloadKey: Int]?

  /// A limit of the instances of a namespace on a target.
  public init(_ maximum: Int, target: String) {
    self.maximum = maximum
    self.target = target
  }

  /// What is wrong with a workload that gets more instances than there is room for. One that gets none more is
  /// always let through: it is how a namespace that is over its limit comes back below it.
  ///
  /// - Parameter wanted: how many instances there will be.
  func check(
    _ wanted: Int, of key: WorkloadKey, given observation: Observation, last: Release?,
    _ reader: any ProviderReader
  ) async throws -> [Diagnostic] {
    let there = InstanceNumber.before(observation, last: last?.snapshot)
    guard wanted > there else {
      counts?[key] = wanted
      return []
    }
    if counts == nil { counts = try await WorkloadLister(reader: reader).instances(in: key.namespace) }
    let others = (counts ?? [:]).reduce(0) { $1.key == key ? $0 : $0 + $1.value }
    guard others + wanted > maximum else {
      counts?[key] = wanted
      return []
    }
    let room = maximum - others
    return [
      Diagnostic(
        .instanceLimit,
        "the namespace `\(key.namespace)` of `\(target)` may have \(maximum) instances: there are \(others + there), and there would be \(others + wanted)",
        help: room > 0
          ? "there is room for `replicas: \(room)`; or raise `maxInstances` of the target in berth.yaml"
          : "scale something down first, or raise `maxInstances` of the target in berth.yaml")
    ]
  }
}
