import Planning
import WorkloadSpec

extension FieldTable {
  /// What changes of a service cost by the rows of its fields: never less than the language says.
  ///
  /// What is no field of the language costs what its change says.
  ///
  /// - Parameter reason: why these fields cost more than the language says.
  public func impact(
    of change: ServiceChange, because reason: ([String]) -> ActionReason?
  ) -> ImpactStatement {
    let costs = change.changes.map { (change: $0, statement: statement(on: $0)) }
    let impact = max(change.minimum, costs.map(\.statement.impact).max() ?? .inPlace)
    guard impact > change.minimum else { return ImpactStatement(impact) }
    let decisive = costs.filter { $0.statement.impact == impact }
    let fields = Set(decisive.map { $0.change.fieldOrBlock }).sorted()
    return ImpactStatement(
      impact, reason: decisive.lazy.compactMap(\.statement.reason).first ?? reason(fields))
  }

  private func statement(on change: Change) -> ImpactStatement {
    let found = rows(of: change)
    if let exception = found.lazy.compactMap({ $0.exception?(change) }).first { return exception }
    return ImpactStatement(found.compactMap(\.cost).max() ?? change.impact)
  }

  /// The rows that a change is of: that of its field, or of what holds it, or those of what it holds.
  private func rows(of change: Change) -> [FieldRow] {
    let path = Self.withoutElements(change.path)
    let place = path.hasPrefix("workload.") ? String(path.dropFirst("workload.".count)) : "services." + path
    var steps = place.split(separator: ".")
    while steps.count > 1 {
      let path = steps.joined(separator: ".")
      if let row = self[path] { return [row] }
      let below = rows.filter { $0.path.hasPrefix(path + ".") }
      if !below.isEmpty { return below }
      steps.removeLast()
    }
    return rows.filter { $0.path == path.prefix { $0 != "." } }
  }

  /// `volumes.size` of `volumes[data].size`.
  private static func withoutElements(_ path: String) -> String {
    var depth = 0
    return String(
      path.filter { character in
        if character == "[" { depth += 1 }
        defer { if character == "]" { depth -= 1 } }
        return depth == 0
      })
  }
}

extension Change {
  /// The field; of what is said on an engine, all of its path.
  fileprivate var fieldOrBlock: String { field == "on" || field == "workload" ? path : field }
}
