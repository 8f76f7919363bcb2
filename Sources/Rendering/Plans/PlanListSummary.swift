import Planning
import WorkloadSpec

/// What several plans do together, in sentences that every format shares.
enum PlanListSummary {
  /// How many of a thing are told by name.
  private static let limits = (services: 8, pairs: 12)

  /// `3 workloads change: 1 to create, 2 to restart`; `nil` where none does.
  static func counts(of plans: [Plan]) -> String? {
    let changing = plans.filter { !$0.isEmpty }
    guard !changing.isEmpty else { return nil }
    var counts: [ActionKind: Int] = [:]
    for (kind, count) in changing.flatMap(\.counts) where kind.isPerformed {
      counts[kind, default: 0] += count
    }
    let parts = ActionKind.allCases.compactMap { kind in counts[kind].map { "\($0) to \(kind.rawValue)" } }
    let what = parts.isEmpty ? "only releases to record" : parts.joined(separator: ", ")
    return "\(Words.count(changing.count, "workload changes", "workloads change")): \(what)"
  }

  /// `Interrupts db/api, web/api.`
  ///
  /// - Parameter name: writes a service with its workload.
  static func interruptions(of plans: [Plan], name: (String) -> String) -> String {
    let names = plans.flatMap { plan in plan.interruptions.map { name("\(plan.key.name)/\($0.service)") } }
    guard !names.isEmpty else { return "Interrupts nothing." }
    let rest = names.count - limits.services
    let more = rest > 0 ? " and \(Words.count(rest, "more service"))" : ""
    return "Interrupts \(names.prefix(limits.services).joined(separator: ", "))\(more)."
  }

  /// `Policies stop evil.`; `nil` where they allow every plan.
  ///
  /// - Parameter name: writes a workload's name.
  static func stopped(_ plans: [Plan], name: (String) -> String) -> String? {
    let names = plans.filter { $0.notes.contains { $0.code == .policyBroken } }.map { name($0.key.name) }
    guard !names.isEmpty else { return nil }
    let rest = names.count - limits.services
    let more = rest > 0 ? " and \(Words.count(rest, "more workload"))" : ""
    return "Policies stop \(names.prefix(limits.services).joined(separator: ", "))\(more)."
  }

  // MARK: Order

  /// The plans that one waits for, by what its workload depends on, as far as they change something.
  static func dependencies(of plan: Plan, among plans: [Plan]) -> [Plan] {
    let names = Set(plan.desired?.waitsFor.elements ?? [])
    return plans.filter { other in
      !other.isEmpty && other.key.namespace == plan.key.namespace && names.contains(other.key.name)
    }
  }

  /// `Order: db before web.`; `nil` where none waits for another.
  ///
  /// - Parameter name: writes a workload's name.
  static func order(of plans: [Plan], name: (String) -> String) -> String? {
    let pairs = plans.filter { !$0.isEmpty }.flatMap { plan in
      dependencies(of: plan, among: plans).map { "\(name($0.key.name)) before \(name(plan.key.name))" }
    }
    guard !pairs.isEmpty else { return nil }
    let rest = pairs.count - limits.pairs
    return
      "Order: \(pairs.prefix(limits.pairs).joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")."
  }
}
