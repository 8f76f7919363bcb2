import Engine
import Planning

/// A command of an operator on one workload, by the path that every run goes.
struct OperatorRun {
  let workload: String
  let selection: TargetSelection
  let options: RunOptions

  /// Plans, asks and carries out.
  ///
  /// - Parameter verb: what the question asks for: "Stop".
  /// - Throws: the ``ExitStatus`` of what went wrong, which was shown.
  func reach(_ goal: Goal, verb: String, _ console: Console) async throws {
    let target = try await selection.resolve(policies: options.policies)
    let key = try target.key(workload)
    try await target.requireKnown(key)
    try await Runner(target: target, options: options, console: console)
      .run([WorkloadRequest(key: key, goal: goal)], verb: verb)
  }
}
