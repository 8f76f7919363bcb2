/// The order in which variables get their values: each after those that its default refers to.
struct VariableOrder {
  /// The indices of the variables, without those that refer to each other in a cycle.
  private(set) var indices: [Int] = []
  /// The cycles, each as the indices of its variables in the order of their references.
  private(set) var cycles: [[Int]] = []
  /// What the default of each variable refers to, among the others.
  let references: [[Int]]

  private enum Mark { case new, open, done, broken }

  /// Orders variables, as they are declared where they do not refer to each other.
  init(_ variables: [Variable]) {
    let places = Dictionary(
      variables.indices.map { (variables[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    references = variables.map { variable in
      DefaultText.references(in: variable.default ?? "").compactMap {
        $0.hasPrefix("var.") ? places[String($0.dropFirst(4))] : nil
      }
    }
    var marks = [Mark](repeating: .new, count: variables.count)
    for start in variables.indices where marks[start] == .new { visit(start, &marks) }
    indices.removeAll { marks[$0] == .broken }
  }

  /// Follows references from one variable, without the call stack: a thousand variables may be a chain.
  private mutating func visit(_ start: Int, _ marks: inout [Mark]) {
    var path = [(index: start, next: 0)]
    marks[start] = .open
    while let (index, next) = path.last {
      guard next < references[index].count else {
        if marks[index] == .open { marks[index] = .done }
        indices.append(index)
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      let other = references[index][next]
      switch marks[other] {
      case .new:
        marks[other] = .open
        path.append((other, 0))
      case .open, .broken:
        guard let first = path.firstIndex(where: { $0.index == other }) else { break }
        let cycle = path[first...].map(\.index)
        if cycle.contains(where: { marks[$0] == .open }) { cycles.append(cycle) }
        for index in cycle { marks[index] = .broken }
      case .done: break
      }
    }
  }
}
