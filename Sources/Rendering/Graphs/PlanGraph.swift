import Planning
import WorkloadSpec

/// What plans do as a graph: a box for each action, in a frame for each workload and each instance, and arrows to what waits for
/// it.
extension Graph {
  /// The graph of several plans, in their order; those that do nothing are left out.
  public init(of plans: [Plan]) {
    self.init(name: "plan")
    let changing = plans.filter { !$0.isEmpty }
    for plan in changing { add(plan, plan.actions) }
    for plan in changing { addOrder(of: plan, among: changing) }
  }

  /// The graph of what a provider performs, without what berth writes down at the end; `nil` where it would tell nothing: of few
  /// actions, of too many for a picture that helps, and where none waits for another.
  init?(worthOf plan: Plan) {
    let actions = plan.actions.filter(\.kind.isPerformed)
    let ids = Set(actions.map(\.id))
    guard (3...40).contains(actions.count), actions.contains(where: { !ids.isDisjoint(with: $0.after) })
    else { return nil }
    self.init(name: "plan")
    // What it is the graph of stands above it.
    let whole = group(plan.key.name, "", actions, plan)
    (groups, nodes) = (whole.groups, whole.nodes)
  }

  private mutating func add(_ plan: Plan, _ actions: [Action]) {
    groups.append(group(plan.key.name, "\(plan.key.name): \(PlanSummary.counts(plan))", actions, plan))
    if let title = PlanSummary.afterPause(plan) {
      groups.append(group("\(plan.key.name) after the pause", title, plan.afterPause, plan))
    }
  }

  /// The frame of some actions of a plan, whose arrows are added.
  private mutating func group(
    _ id: String, _ title: String, _ actions: [Action], _ plan: Plan
  ) -> Group {
    var group = Group(id: id, title: title)
    let order = DirectOrder(actions)
    for action in actions {
      let node = Node(id: "\(id)/\(action.id)", action)
      if let instance = action.subject.instance, instance != .before {
        let frame = "\(id)/\(instance)"
        if let place = group.groups.firstIndex(where: { $0.id == frame }) {
          group.groups[place].nodes.append(node)
        } else {
          group.groups.append(Group(id: frame, title: "instance \(instance)", nodes: [node]))
        }
      } else {
        group.nodes.append(node)
      }
      edges += order.before(action).map { Edge(from: "\(id)/\($0)", to: node.id) }
    }
    return group
  }

  /// Adds that a workload waits for others that change: what comes first in it waits for what comes last in them.
  private mutating func addOrder(of plan: Plan, among plans: [Plan]) {
    let first = plan.actions.filter { $0.after.isEmpty }
    for other in PlanListSummary.dependencies(of: plan, among: plans) {
      let needed = Set(other.actions.flatMap(\.after))
      for last in other.actions where !needed.contains(last.id) {
        edges += first.map {
          Edge(from: "\(other.key.name)/\(last.id)", to: "\(plan.key.name)/\($0.id)")
        }
      }
    }
  }
}

/// What each of some actions waits for, without what follows from other arrows.
private struct DirectOrder {
  /// All that an action waits for, in whichever way.
  private var needs: [ActionID: Set<ActionID>] = [:]

  /// The order of actions, each of which stands behind those that it waits for.
  init(_ actions: [Action]) {
    for action in actions { needs[action.id] = [] }
    // Of more than these no picture is looked at, and what they need would fill the memory.
    guard actions.count <= 400 else { return }
    for action in actions {
      let direct = action.after.filter { needs[$0] != nil }
      needs[action.id] = direct.reduce(into: Set(direct)) { $0.formUnion(needs[$1] ?? []) }
    }
  }

  /// What an action waits for directly.
  func before(_ action: Action) -> [ActionID] {
    let direct = action.after.filter { needs[$0] != nil }
    return direct.filter { before in !direct.contains { needs[$0]?.contains(before) == true } }
  }
}

extension Graph.Node {
  /// The box of an action: what it is, in the colour of what becomes of its subject.
  fileprivate init(id: String, _ action: Action) {
    self.init(
      id: id, lines: [PlanSummary.verb(action)], shape: action.isInterruption ? .double : .box,
      tone: action.kind.tone)
  }
}

extension ActionKind {
  /// What it means for what it is done to; `nil` for what berth writes down.
  fileprivate var tone: Graph.Tone? {
    switch self {
    case .adopt, .create, .start: .added
    case .update, .stop, .run, .restart, .scale, .replace, .hold: .changed
    case .delete: .removed
    case .record: nil
    }
  }
}
