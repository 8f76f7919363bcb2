import Planning
import WorkloadSpec

/// The networks that the actions of a plan need, in their order.
struct NetworkNeed: Sendable {
  /// What is done about a network.
  enum Step: Sendable, Equatable {
    /// It is made, if it is not there.
    case made(String)
    /// It is taken away, if it is there.
    case taken(String)
  }

  /// What is done, in order.
  private(set) var steps: [Step] = []
  /// Those among the networks that several workloads use, with the labels by which they are known.
  private(set) var common: [String: [String: String]] = [:]

  init(of plan: Plan) { self.init(of: plan.actions, EngineNames(key: plan.key), desired: plan.desired) }

  /// What some actions need.
  ///
  /// - Parameter desired: the workload as an action makes it.
  init(of actions: [Action], _ names: EngineNames, desired: (Action) -> Workload?) {
    for action in actions {
      switch (action.subject, action.kind) {
      case (.instance(let id), .create):
        guard let workload = desired(action), ContainerHome(of: workload, in: id) == .own else {
          continue
        }
        steps.append(.made(names.network(of: id)))
      case (.instance(let id), .delete): steps.append(.taken(names.network(of: id)))
      case (.service(let id, let name), .create), (.service(let id, let name), .replace),
        (.service(let id, let name), .run), (.service(let id, let name), .adopt):
        guard let workload = desired(action), let service = workload.service(name) else { continue }
        add(service, in: id, of: workload, names, isAdopted: action.kind == .adopt)
      default: break
      }
    }
  }

  private mutating func add(
    _ service: Service, in id: InstanceID, of workload: Workload, _ names: EngineNames, isAdopted: Bool
  ) {
    guard service.network.mode == .instance else { return }
    switch ContainerHome(of: workload, in: id) {
    case .own: steps.append(.made(names.network(of: id)))
    // What is adopted stays where it is.
    case .shared where !isAdopted:
      add(names.sharedNetwork, Label.sharedNetwork(of: names.key.namespace, run: RunID("")))
    case .shared, .others: break
    }
    for key in ContainerNetworks.referredTo(by: service, names) {
      add(EngineNames(key: key).namesNetwork, Label.namesNetwork(of: key, run: RunID("")))
    }
  }

  private mutating func add(_ network: String, _ labels: [String: String]) {
    steps.append(.made(network))
    common[network] = labels
  }

  /// The networks that are made if they are not there.
  var networks: Set<String> {
    Set(steps.compactMap { if case .made(let name) = $0 { name } else { nil } })
  }

  /// How many networks there are at most beside those of now, while the actions are performed in order.
  ///
  /// - Parameter existing: the names of those that there are.
  func atOnce(beside existing: Set<String>) -> Int {
    var (there, most) = (existing, 0)
    for step in steps {
      switch step {
      case .made(let name): there.insert(name)
      case .taken(let name): there.remove(name)
      }
      most = max(most, there.count - existing.count)
    }
    return most
  }
}
