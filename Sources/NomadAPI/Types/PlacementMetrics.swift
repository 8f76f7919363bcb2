import Values

/// How nodes were looked at for an allocation, and what spoke against them.
package struct PlacementMetrics: Sendable, Hashable {
  /// How many nodes were looked at.
  package let evaluated: Int
  /// How many of them broke a constraint.
  package let filtered: Int
  /// How many of them had too little left.
  package let exhausted: Int
  /// How many nodes each data centre has.
  package let available: [String: Int]
  /// How many nodes were left out, by their class.
  package let classFiltered: [String: Int]
  /// How many nodes each constraint left out.
  package let constraintFiltered: [String: Int]
  /// How many nodes had too little, by their class.
  package let classExhausted: [String: Int]
  /// How many nodes had too little of what: `memory`, `cpu`, `disk`, `network: reserved port collision http=80`.
  package let dimensionExhausted: [String: Int]
  /// The limits of the namespace that were reached.
  package let quotaExhausted: [String]
  /// How many more allocations failed for the same.
  package let coalescedFailures: Int

  package init(_ json: JSON) {
    evaluated = json.number("NodesEvaluated")
    filtered = json.number("NodesFiltered")
    exhausted = json.number("NodesExhausted")
    available = json.counts("NodesAvailable")
    classFiltered = json.counts("ClassFiltered")
    constraintFiltered = json.counts("ConstraintFiltered")
    classExhausted = json.counts("ClassExhausted")
    dimensionExhausted = json.counts("DimensionExhausted")
    quotaExhausted = json.texts("QuotaExhausted")
    coalescedFailures = json.number("CoalescedFailures")
  }

  /// Why there was no place, in one line: `memory exhausted on 3 nodes; constraint "missing drivers" filtered 1 node`.
  package var sentence: String {
    var parts: [String] = []
    if available.values.reduce(0, +) == 0, evaluated == 0 {
      let places = available.keys.sorted().joined(separator: ", ")
      return "no node is ready" + (places.isEmpty ? " in the data centres of the job" : " in \(places)")
    }
    parts += dimensionExhausted.sorted(by: Self.order).map {
      "\($0.key) exhausted on \(Self.nodes($0.value))"
    }
    parts += constraintFiltered.sorted(by: Self.order).map {
      "constraint \"\($0.key)\" filtered \(Self.nodes($0.value))"
    }
    if constraintFiltered.isEmpty {
      parts += classFiltered.sorted(by: Self.order).map {
        "class \"\($0.key)\" filtered \(Self.nodes($0.value))"
      }
    }
    parts += quotaExhausted.map { "quota limit hit: \($0)" }
    if parts.isEmpty, exhausted > 0 { parts.append("resources exhausted on \(Self.nodes(exhausted))") }
    if parts.isEmpty, filtered > 0 { parts.append("constraints filtered \(Self.nodes(filtered))") }
    return parts.isEmpty ? "no node takes it" : parts.joined(separator: "; ")
  }

  private static func order(_ left: (key: String, value: Int), _ right: (key: String, value: Int)) -> Bool {
    (right.value, left.key) < (left.value, right.key)
  }

  private static func nodes(_ count: Int) -> String { count == 1 ? "1 node" : "\(count) nodes" }
}
