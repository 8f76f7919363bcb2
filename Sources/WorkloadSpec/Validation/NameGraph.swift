/// Names that refer to one another, ordered.
public struct NameGraph: Sendable {
  /// The names, each after all that it refers to, as far as there is such an order: those of ``cycles`` are left out.
  public private(set) var order: [String] = []
  /// Every group of names that refer to each other, by one of its cycles, which begins with its least name.
  public private(set) var cycles: [[String]] = []

  /// Orders names.
  ///
  /// - Parameters:
  ///   - names: the names; where the references leave a choice, their order is kept.
  ///   - edges: what each refers to. A name that is not among `names` is taken as one that refers to nothing.
  public init(_ names: [String], _ edges: [String: [String]]) {
    let known = Set(names)
    var left = edges.filter { known.contains($0.key) }.compactMapValues { targets -> [String]? in
      let targets = targets.filter(known.contains)
      return targets.isEmpty ? nil : targets
    }
    var dependents: [String: [String]] = [:]
    for name in names { for target in left[name] ?? [] { dependents[target, default: []].append(name) } }
    var open = Array(names.lazy.filter { left[$0] == nil }.reversed())
    while true {
      while let name = open.popLast() {
        order.append(name)
        Self.resolve(name, dependents, &left, &open)
      }
      guard let start = names.first(where: { left[$0] != nil }) else { return }
      let cycle = Self.cycle(from: start, left)
      cycles.append(cycle)
      for name in cycle { left[name] = nil }
      for name in cycle { Self.resolve(name, dependents, &left, &open) }
    }
  }

  /// Takes away the references to a name; what refers to nothing more is open.
  private static func resolve(
    _ name: String, _ dependents: [String: [String]], _ left: inout [String: [String]], _ open: inout [String]
  ) {
    for dependent in dependents[name] ?? [] {
      guard let targets = left[dependent] else { continue }
      let others = targets.filter { $0 != name }
      left[dependent] = others.isEmpty ? nil : others
      if others.isEmpty { open.append(dependent) }
    }
  }

  /// Follows the first reference of each until one comes again.
  private static func cycle(from start: String, _ left: [String: [String]]) -> [String] {
    var path: [String] = []
    var places: [String: Int] = [:]
    var next = start
    while true {
      if let index = places[next] {
        let cycle = path[index...]
        guard let first = cycle.min(), let offset = cycle.firstIndex(of: first) else { return Array(cycle) }
        return Array(cycle[offset...] + cycle[..<offset])
      }
      places[next] = path.count
      path.append(next)
      guard let target = left[next]?.first else { return path }
      next = target
    }
  }
}
