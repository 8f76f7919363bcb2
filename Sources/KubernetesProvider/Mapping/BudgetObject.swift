import KubernetesAPI
import Values

/// The disruption budget of a workload.
enum BudgetObject {
  /// Makes it; nothing of a workload that states none.
  static func make(_ writing: Writing) -> [KubernetesObject] {
    let budget = writing.own.budget
    guard budget.minAvailable != nil || budget.maxUnavailable != nil else { return [] }
    var object = writing.object(
      .budgets(on: writing.facts), named: writing.names.budget, .budget)
    var spec: JSON = ["selector": ["matchLabels": [Mark.workload: .string(writing.key.name)]]]
    if let share = budget.minAvailable { spec["minAvailable"] = .share(share) }
    if let share = budget.maxUnavailable { spec["maxUnavailable"] = .share(share) }
    object["spec"] = spec
    return [object]
  }
}

extension JSON {
  /// A number, or a share.
  fileprivate static func share(_ text: String) -> JSON { Int64(text).map(JSON.int) ?? .string(text) }

  /// As a budget states it.
  var shareText: String? { string ?? int.map { String($0) } }
}
