import Diagnostics
import Planning

/// The plans for the workloads of one command, made together to be shown or saved.
public struct PlansAhead: Sendable {
  /// The plans, in the order of the requests.
  public internal(set) var plans: [Plan] = []
  /// The same plans as they are saved, where that was asked for.
  public internal(set) var saved: [SavedPlan] = []
  /// The workloads that can be planned for only at their turn, when those before them have changed what stands in the way
  /// now.
  public internal(set) var later: [(key: WorkloadKey, obstacle: DiagnosticError)] = []
  /// Why there can be no plan for the others.
  public internal(set) var failures = Diagnostics()
}

extension EngineReader {
  /// What would be done to reach several goals.
  ///
  /// - Parameter saves: whether the plans are made to be saved, which needs a plan of each now.
  /// - Throws: what is wrong with more than one workload.
  public func plans(for requests: [WorkloadRequest], saves: Bool = false) async throws -> PlansAhead {
    let sight = await look(at: requests)
    let results = await requests.concurrentMap(atOnce: plansAtOnce) { request in
      await catching { try await plan(request, given: sight, saves: saves) }
    }
    let later = saves ? [:] : postponed(results.map { $0.map(\.plan) }, of: requests, given: sight)
    var ahead = PlansAhead()
    for (index, result) in results.enumerated() {
      if let obstacle = later[index] {
        ahead.later.append((requests[index].key, obstacle))
        continue
      }
      do {
        let (plan, saved) = try result.get()
        ahead.plans.append(plan)
        if let saved { ahead.saved.append(saved) }
      } catch let error as DiagnosticError {
        ahead.failures.append(contentsOf: error.diagnostics)
      }
    }
    return ahead
  }

  private func plan(
    _ request: WorkloadRequest, given sight: Sight, saves: Bool
  ) async throws -> (plan: Plan, saved: SavedPlan?) {
    guard saves else { return (try await plan(request, given: sight), nil) }
    return try await savedPlan(request, given: sight)
  }
}
