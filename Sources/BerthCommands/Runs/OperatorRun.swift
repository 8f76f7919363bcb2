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
  /// - Throws: `ExitCode` 1 if it failed; what went wrong was shown.
  func reach(_ goal: Goal, verb: String, _ console: Console) async throws {
    let target = try await selection.resolve()
    let key = try target.key(workload)
    try await target.requireKnown(key)
    let runner = Runner(
      target: target, options: options.engineOptions(), approval: options.consent, console: console,
      format: options.format)
    try await runner.run([WorkloadRequest(key: key, goal: goal)], verb: verb)
  }
}
