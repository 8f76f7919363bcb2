import Diagnostics
import Planning
import Values

/// Holds one workload against one policy.
struct PolicyJudge {
  let name: String
  let policy: Policy
  let subject: PolicySubject

  private var conditions: [FieldCondition] {
    switch subject.extent {
    case .whole: policy.fields
    case .replicas: policy.fields.filter { $0.reading?.selector.first == "replicas" }
    case .nothing: []
    }
  }

  /// Whether it needs to see the workload's fields.
  var looksAtFields: Bool { !conditions.isEmpty }

  /// What the policy does not want of the workload's fields.
  func fieldFindings(in workload: Value) -> [PolicyFinding] {
    conditions.flatMap { condition -> [PolicyFinding] in
      guard let (selector, test) = condition.reading else { return [] }
      return selector.find(in: workload, roles: policy.scope?.roles ?? []).compactMap { found in
        test.problem(with: found.value).map { problem in
          finding(
            .broken("`\(found.path)`\(subject.origin) \(problem)"), at: subject.place(found.place),
            by: condition.location, service: found.service)
        }
      }
    }
  }

  /// What the policy does not want of what a plan does, and when it may be done.
  func planFindings(in plan: Plan) -> [PolicyFinding] {
    var findings = (policy.plan?.problems(with: plan) ?? []).map { problem in
      finding(.broken("the plan \(problem)"), at: nil, by: policy.plan?.location, service: nil)
    }
    if !policy.windows.isEmpty, plan.actions.contains(where: \.kind.isPerformed) {
      findings.append(finding(.windows(policy.windows), at: nil, by: policy.location, service: nil))
    }
    return findings
  }

  private func finding(
    _ matter: PolicyFinding.Matter, at location: SourceLocation?, by source: SourceLocation?, service: String?
  ) -> PolicyFinding {
    let exceptions = policy.exceptions.filter {
      $0.excuses(subject.key, on: subject.target, service: service)
    }
    return PolicyFinding(
      name: name, policy: policy, matter: matter, location: location, source: source,
      exception: exceptions.max { ($0.until?.description ?? "") < ($1.until?.description ?? "") })
  }
}
