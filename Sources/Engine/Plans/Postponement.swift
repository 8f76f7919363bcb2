import Diagnostics
import Planning

/// What a workload of a command has before it.
enum Turn: Sendable {
  /// There is a plan.
  case planned(PreparedPlan)
  /// There can be no plan yet, and what stands in the way may be gone at its turn.
  case later(DiagnosticError)
  /// There can be no plan.
  case refused(any Error)

  /// The plan, if there is one.
  var prepared: PreparedPlan? { if case .planned(let prepared) = self { prepared } else { nil } }
}

/// Tells which workloads are planned for at their turn: those in whose way stands what one may still mend that comes before
/// them, such as a port of the host that it gives up.
enum Postponement {
  /// What others can mend.
  private static let mendable: Set<DiagnosticCode> = [.portTaken, .providerRefuses, .volumeInUse]

  /// What each workload has before it.
  static func turns(_ prepared: [Result<PreparedPlan, any Error>], _ order: WorkloadOrder) -> [Turn] {
    let later = later(prepared.map { $0.map(\.plan) }, order)
    return prepared.enumerated().map { index, result in
      switch result {
      case .success(let prepared): .planned(prepared)
      case .failure(let error): later[index].map { .later($0) } ?? .refused(error)
      }
    }
  }

  /// Those that are planned for later, by their places, with what stands in the way now.
  static func later(
    _ plans: [Result<Plan, any Error>], _ order: WorkloadOrder
  ) -> [Int: DiagnosticError] {
    var later: [Int: DiagnosticError] = [:]
    for index in order.sequence {
      guard case .failure(let error as DiagnosticError) = plans[index],
        error.diagnostics.allSatisfy({ $0.severity != .error || mendable.contains($0.code) })
      else { continue }
      let isMended = order.before(index).contains { other in
        later[other] != nil || (try? plans[other].get())?.isEmpty == false
      }
      if isMended { later[index] = error }
    }
    return later
  }
}
