import Planning
import WorkloadSpec

/// What is done for one workload of a command when all that it waits for has had its turn.
struct SingleTurn: Sendable {
  let engine: Engine
  let request: WorkloadRequest
  let companions: Companions
  let watch: RunWatch
  /// The plan that was agreed to; `nil` if there could be none yet.
  let agreed: PreparedPlan?
  /// Whether something changed that the plan may rest on.
  let mustPlanAgain: Bool

  private var key: WorkloadKey { request.key }

  /// Makes sure of the plan, waits for what the workload depends on, and carries the plan out.
  func take() async -> RunEnding {
    do { return .result(try await explaining { try await carryOut() }) } catch { return RunEnding(error) }
  }

  private func carryOut() async throws -> RunResult {
    var prepared = agreed
    if agreed == nil || mustPlanAgain {
      let current = try await engine.prepare([request], among: companions).prepared[0].get()
      if agreed.map({ current.asksForTheSame(as: $0) }) != true {
        watch.events(key, .planned(current.plan))
        if !current.plan.isEmpty {
          guard try await approve(current.plan) else { return RunResult(current.plan, .declined) }
        }
      }
      prepared = current
    }
    guard let prepared else { throw CancellationError() }
    let plan = prepared.plan
    guard !plan.isEmpty || prepared.hasOpenRun else { return RunResult(plan, .nothingToDo) }
    if !plan.isEmpty {
      try await engine.readiness.wait(for: request.dependencies, of: key) {
        watch.events(key, .waitingForWorkloads($0))
      }
    }
    return try await engine.carryOut(
      prepared, of: request, among: companions, approve: approve, events: { watch.events(key, $0) })
  }

  /// Asks about a plan that is another one than that which was agreed to, or was not made before.
  private func approve(_ plan: Plan) async throws -> Bool {
    guard request.expected == nil else {
      throw ExpectedPlanRule.stale("that of `\(key.name)` is another one at its turn")
    }
    return try await engine.questions.within { try await watch.approve([plan]) }
  }
}
