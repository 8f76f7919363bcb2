import Diagnostics
import Planning

/// When a saved plan may be carried out.
struct SavedPlanRule {
  let saved: SavedPlan
  /// The last run of its workload.
  let lastRun: Run?

  /// Checks that a plan which is made now is the saved one, or what an unfinished run of it has left to do.
  ///
  /// - Throws: `DiagnosticError` that says what changed since.
  func check(_ prepared: PreparedPlan) throws {
    if goesOn(prepared) { return }
    guard prepared.last?.number == saved.base else {
      let now = prepared.last.map { "release \($0.number)" } ?? "no release"
      throw stale("it starts from \(saved.base.map { "release \($0)" } ?? "no release"), and there is \(now)")
    }
    guard prepared.fingerprint == saved.fingerprint else {
      throw stale("the live state changed since the plan was saved")
    }
    guard saved.isSame(as: prepared.plan) else { throw stale("another plan would be made now") }
  }

  /// Whether the last run carried this plan out, and no other run has changed anything since.
  private func goesOn(_ prepared: PreparedPlan) -> Bool {
    guard let run = lastRun, run.savedPlan == saved.id else { return false }
    if run.outcome == .succeeded {
      // Its end was not heard of: there must be nothing left to do.
      return prepared.plan.isEmpty && prepared.last?.number == run.release ?? saved.base
    }
    return prepared.last?.number == saved.base && saved.covers(prepared.plan)
  }

  private func stale(_ reason: String) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .planChanged, "the saved plan for `\(saved.key.name)` does not fit any more: \(reason)",
        help: "plan again, and look at what changed"))
  }
}
