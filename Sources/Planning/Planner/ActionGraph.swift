import HeapModule

/// The actions of a plan while it is made: edges are added by what must come first, and the result is in an
/// order that respects them.
struct ActionGraph {
  private(set) var actions: [Action] = []
  private var positions: [ActionID: Int] = [:]
  private var edges: [Set<Int>] = []

  /// Adds an action, unless it is there.
  mutating func add(_ action: Action) {
    guard positions[action.id] == nil else { return }
    positions[action.id] = actions.count
    actions.append(action)
    edges.append([])
  }

  /// Adds actions, each after the one before it, that everything which is there must wait for.
  mutating func add(first actions: [Action]) {
    let roots = self.actions.indices.filter { edges[$0].isEmpty }.map { self.actions[$0].id }
    for action in actions { add(action) }
    for (before, action) in zip(actions, actions.dropFirst()) { order(action.id, after: [before.id]) }
    if let last = actions.last { for root in roots { order(root, after: [last.id]) } }
  }

  /// Says that an action must wait for others. Those that are not in the graph have nothing to be waited for.
  mutating func order(_ action: ActionID, after others: some Sequence<ActionID>) {
    guard let position = positions[action] else { return }
    for other in others {
      if let before = positions[other], before != position { edges[position].insert(before) }
    }
  }

  /// Says that an action must wait for another, unless that one waits for it already.
  mutating func orderIfAcyclic(_ action: ActionID, after other: ActionID) {
    guard let from = positions[action], let to = positions[other], !reaches(to, from) else { return }
    edges[from].insert(to)
  }

  /// Takes some actions out, but for those that others wait for, directly or not.
  ///
  /// - Returns: what was taken out, each after what it waits for.
  mutating func split(off actions: Set<ActionID>) -> [Action] {
    let whole = sorted()
    var kept: Set<Int> = []
    var open = self.actions.indices.filter { !actions.contains(self.actions[$0].id) }
    while let next = open.popLast() {
      if kept.insert(next).inserted { open += edges[next] }
    }
    var rest = ActionGraph()
    for position in kept.sorted() { rest.add(self.actions[position]) }
    for position in kept {
      rest.order(self.actions[position].id, after: edges[position].map { self.actions[$0].id })
    }
    self = rest
    return whole.filter { positions[$0.id] == nil }
  }

  /// Whether one action waits for another, directly or not.
  private func reaches(_ start: Int, _ goal: Int) -> Bool {
    var seen: Set<Int> = [start]
    var queue = [start]
    while let next = queue.popLast() {
      if next == goal { return true }
      for before in edges[next] where seen.insert(before).inserted { queue.append(before) }
    }
    return false
  }

  /// The actions, each after those it waits for, otherwise in the order in which they were added.
  ///
  /// Should actions wait for each other, which can come from services that were made from different specs,
  /// the one added first goes first: a plan is total.
  func sorted() -> [Action] {
    if actions.isEmpty { return [] }
    var waiting = edges.map(\.count)
    var dependents = [[Int]](repeating: [], count: actions.count)
    for (position, befores) in edges.enumerated() {
      for before in befores { dependents[before].append(position) }
    }
    var ready = Heap(actions.indices.filter { waiting[$0] == 0 })
    var rank = [Int?](repeating: nil, count: actions.count)
    var order: [Int] = []
    var firstLeft = 0
    while order.count < actions.count {
      while firstLeft < actions.count, rank[firstLeft] != nil { firstLeft += 1 }
      let position = ready.popMin() ?? firstLeft
      guard rank[position] == nil else { continue }
      rank[position] = order.count
      order.append(position)
      for dependent in dependents[position] {
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { ready.insert(dependent) }
      }
    }
    return order.map { position in
      var action = actions[position]
      action.after = edges[position].filter { rank[$0]! < rank[position]! }.sorted().map { actions[$0].id }
      return action
    }
  }
}
