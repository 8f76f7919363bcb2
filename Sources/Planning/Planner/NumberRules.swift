import Diagnostics
import WorkloadSpec

/// What a plan says of the number of instances that there will be.
struct NumberRules {
  let input: PlanInput
  /// The whole workload that is wanted.
  let desired: Workload
  let number: InstanceNumber

  /// Why there can't be so many, and what a person should know of the number.
  var findings: [Diagnostic] {
    var findings = WorkloadRules.check(desired, instances: number.value).compactMap {
      problem -> Diagnostic? in
      if input.notes.contains(where: { $0.code == problem.code }) { return nil }
      if problem.code == .oneWriterReplicas, isKept { return shared(problem) }
      return Diagnostic(problem.code, problem.message, help: help(problem))
    }
    if let given = number.givenUp, let port = desired.hostPort {
      findings.append(
        Diagnostic(
          .numberGivenUp,
          "there will be 1 instance instead of the \(given) of the release: only one can have the host port \(port)",
          help: "leave out `host` in the spec to have more of them"))
    }
    if number.value == 0, number.source == .released, case .apply = input.intent {
      findings.append(
        Diagnostic(
          .staysAtZero, "`\(desired.name)` was scaled to 0 instances, and stays so",
          help:
            "`berth scale \(desired.name) --replicas 1` brings it back; a spec that states `replicas` does, too"
        ))
    }
    return findings
  }

  /// Whether what is there goes on, and no instance is added: what was released before volumes said how many instances
  /// may write to them must be possible to go back to, to stop and to scale down.
  private var isKept: Bool {
    let before = InstanceNumber.before(input.observation, last: input.lastRelease?.snapshot)
    return switch input.intent {
    case .scale: number.value < before
    // What the last release says of itself is asked for by no spec.
    case .apply: number.source == .stated && number.value <= before
    default: number.value <= before
    }
  }

  private func shared(_ problem: Diagnostic) -> Diagnostic {
    Diagnostic(.sharedBySeveral, problem.message, help: help(problem))
  }

  private func help(_ problem: Diagnostic) -> String? {
    guard number.source != .stated, let help = problem.help else { return problem.help }
    return "\(help): `berth scale \(desired.name) --replicas 1`"
  }
}
