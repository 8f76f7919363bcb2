import Planning

/// A plan as it is read: its actions gathered by instance, and instances to which the same happens together.
struct PlanOutline {
  /// What happens to one instance, or to several in the same way.
  struct Block {
    /// The instances, in order.
    let instances: [InstanceID]
    /// What is done to the instance itself, if anything is.
    let whole: Action?
    /// What is done to its services, in the order of the plan.
    let services: [Action]

    /// `instance 0`, `instances 0–4`, `before the instances`.
    var title: String {
      if instances == [.before] { return "before the instances" }
      return instances.count == 1 ? "instance \(instances[0])" : "instances \(Self.list(instances))"
    }

    /// What is done to the whole, in a few words: `create instances 0–4`.
    func verb(_ whole: Action) -> String {
      instances == [.before] ? PlanSummary.verb(whole) : "\(whole.kind.rawValue) \(title)"
    }

    /// `0–4, 6, 0_g1`.
    static func list(_ instances: [InstanceID]) -> String {
      let plain = Words.ranges(instances.filter { $0.generation == 0 }.compactMap(\.ordinal))
      let surge = instances.filter { $0.generation > 0 || $0.ordinal == nil }.sorted().map(\.description)
      return ([plain] + surge).filter { !$0.isEmpty }.joined(separator: ", ")
    }
  }

  /// What happens to instances, those first that are touched first.
  let blocks: [Block]
  /// What happens to volumes and to the workload as a whole, but for recording the release.
  let others: [Action]
  /// The steps that write down what was reached: the release, and what was asked.
  let records: [Action]

  /// How many instances must share their fate to be told together.
  private static let fold = 3

  init(_ actions: [Action]) {
    var order: [InstanceID] = []
    var byInstance: [InstanceID: [Action]] = [:]
    for action in actions {
      guard let instance = action.subject.instance else { continue }
      if byInstance[instance] == nil { order.append(instance) }
      byInstance[instance, default: []].append(action)
    }
    let single = order.map { instance in
      let actions = byInstance[instance] ?? []
      return Block(
        instances: [instance], whole: actions.first { $0.subject.service == nil },
        services: actions.filter { $0.subject.service != nil })
    }
    blocks = Self.folded(single)
    others = actions.filter { $0.subject.instance == nil && $0.kind.isPerformed }
    records = actions.filter { !$0.kind.isPerformed }
  }

  private static func folded(_ blocks: [Block]) -> [Block] {
    var groups: [(fate: Fate, blocks: [Block])] = []
    var places: [Fate: Int] = [:]
    for block in blocks {
      let fate = Fate(block)
      if let place = places[fate] {
        groups[place].blocks.append(block)
      } else {
        places[fate] = groups.count
        groups.append((fate, [block]))
      }
    }
    return groups.flatMap { group -> [Block] in
      guard group.blocks.count >= fold, let first = group.blocks.first else { return group.blocks }
      return [
        Block(
          instances: group.blocks.flatMap(\.instances).sorted(), whole: first.whole.map(ofSeveral),
          services: first.services.map(ofSeveral))
      ]
    }
  }

  private static func ofSeveral(_ action: Action) -> Action {
    var action = action
    action.reason = action.reason?.ofSeveral
    return action
  }

  /// What happens, without to whom.
  private struct Fate: Hashable {
    struct Step: Hashable {
      let kind: ActionKind
      let service: String?
      let changes: [Change]
      let causes: Set<Cause>
      let reason: ActionReason?
      let alsoRestarts: [String]
      let leavesStopped: Bool
    }
    let steps: [Step]

    init(_ block: Block) {
      steps = ([block.whole].compactMap(\.self) + block.services).map { action in
        Step(
          kind: action.kind, service: action.subject.service, changes: action.changes, causes: action.causes,
          reason: action.reason?.ofSeveral, alsoRestarts: action.alsoRestarts,
          leavesStopped: action.leavesStopped)
      }
    }
  }
}
