import Diagnostics
import Planning
import Policies
import ProviderKit
import Values

/// A plan with what it was made from.
struct PreparedPlan: Sendable {
  let wanted: ResolvedRequest
  let head: HistoryHead
  let observation: Observation
  let secrets: ResolvedSecrets
  let plan: Plan
  /// What policies say of it.
  var verdict = PolicyVerdict()
  /// When looking began, on the engine's own clock; `nil` for a plan whose age does not matter.
  var begun: Duration?

  var last: Release? { head.release }

  /// Whether the last run has not come to a good end, so that there is something to close even if there is nothing
  /// to do.
  var hasOpenRun: Bool { head.run.map { $0.outcome != .succeeded } ?? false }

  /// Refuses a run that what operators asked before, or a policy, does not allow.
  ///
  /// - Parameter now: the moment at which it would begin.
  /// - Throws: `DiagnosticError` with the reason.
  func check(at now: Timestamp) throws {
    try checkSuspension()
    try checkRollout()
    let refusals = verdict.refusals(at: now, isOverriding: wanted.policyOverride != nil)
    guard refusals.isEmpty else { throw DiagnosticError(refusals) }
  }

  /// What a run writes down that goes ahead at a moment although policies do not allow it; `nil` if they do.
  func policyOverride(at now: Timestamp) -> PolicyOverride? {
    guard let reason = wanted.policyOverride else { return nil }
    let policies = verdict.overridden(at: now)
    return policies.isEmpty ? nil : PolicyOverride(reason: reason, policies: policies)
  }

  private func checkSuspension() throws {
    guard let suspension = plan.operatorState.suspension, plan.intent.isRefusedWhileSuspended else { return }
    throw DiagnosticError(
      Diagnostic(
        .suspended,
        "`\(plan.key.name)` is suspended since \(suspension.since) by \(suspension.by): \(suspension.reason)",
        help: "`berth unsuspend \(plan.key.name)` lets it be changed again"))
  }

  private func checkRollout() throws {
    guard let rollout = plan.blockingRollout else { return }
    let name = plan.key.name
    throw DiagnosticError(
      Diagnostic(
        .rolloutPaused,
        "a rollout of `\(name)` is paused at \(rollout.progress) since \(rollout.pause.since) by \(rollout.pause.by)",
        help: "`berth promote \(name)` finishes it, and `berth abort \(name)` takes it back"))
  }

  /// What a run writes down of the plan that it was made to carry out: of a saved one, or of one that was expected.
  var origin: String? {
    if let expected = wanted.expected { return originOfExpected(expected).text }
    return wanted.saved?.id
  }

  /// A run that goes on with what another one of the same command left undone is of the same plan.
  private func originOfExpected(_ expected: String) -> ExpectedRun {
    let before = head.run?.savedPlan.flatMap(ExpectedRun.init)
    if let before, before.expected == expected, head.run?.outcome != .succeeded { return before }
    return ExpectedRun(expected: expected, plan: PlanIdentity(plan))
  }

  /// Whether anything that is wanted uses a secret.
  var usesSecrets: Bool { !(plan.desired?.elements ?? []).allSatisfy { $0.secretUses.isEmpty } }

  /// A digest of what was observed, as far as the plan compares it.
  var fingerprint: String { observation.fingerprint(desired: plan.desired, last: last?.snapshot) }

  /// Whether a user who agreed to one plan has agreed to this one as well.
  func asksForTheSame(as other: PreparedPlan) -> Bool {
    guard plan.actions.map(\.essence) == other.plan.actions.map(\.essence) else { return false }
    switch (plan.desired, other.plan.desired) {
    case (nil, nil): return true
    case (let mine?, let theirs?): return mine.isSameSnapshot(as: theirs)
    default: return false
    }
  }
}
