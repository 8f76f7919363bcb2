import Diagnostics
import Planning

/// When the plans of a command are those that its user expects, by their identity.
struct ExpectedPlanRule {
  /// The identity that is expected.
  let expected: String

  /// Checks the plans of a command.
  ///
  /// What a run of the same command did before it was cut short counts as it was planned then: what it has left to do is no
  /// other plan, as long as it starts and ends where that one did.
  ///
  /// - Throws: `DiagnosticError` if other things would be done.
  func check(_ prepared: [PreparedPlan]) throws {
    var ids: [String] = []
    for each in prepared {
      let run = each.head.run
      if let origin = run?.savedPlan.flatMap(ExpectedRun.init), origin.expected == expected {
        let isOver = run?.outcome == .succeeded
        guard each.plan.isEmpty || !isOver && PlanIdentity(each.plan).end == origin.plan.end else {
          throw Self.stale("`\(each.plan.key.name)` changed since a run of that plan")
        }
        ids.append(origin.plan.id)
      } else if !each.plan.isEmpty {
        ids.append(PlanIdentity(each.plan).id)
      }
    }
    // Where nothing is left to do, nothing can be done that was not expected.
    guard prepared.contains(where: { !$0.plan.isEmpty }) else { return }
    let id = PlanIdentity.id(of: ids)
    guard id == expected else { throw Self.stale("its id would be \(id)") }
  }

  /// That a plan is another one at a workload's turn.
  static func stale(_ reason: String) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .planChanged, "another plan would be carried out than the one that is expected: \(reason)",
        help: "plan again, look at what changed, and give the new id to `--expect`"))
  }
}
