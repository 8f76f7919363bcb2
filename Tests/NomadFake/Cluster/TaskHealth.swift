import Values

/// How it is found out whether an allocation is healthy.
extension ClusterState {
  /// Whether an allocation is healthy is found out when its tasks run.
  ///
  /// - Parameter begins: whether the time for it begins now.
  mutating func watchHealth(_ id: String, begins: Bool = false) {
    guard let allocation = allocations[id], !allocation.deployment.isEmpty, allocation.isHealthy == nil,
      let tasks = allocation.tasks
    else { return }
    let update = allocation.groupSpec["Update"] ?? .null
    let specs = allocation.taskSpecs
    let isUp = specs.allSatisfy { spec in
      guard let task = tasks[spec.text("Name")] else { return false }
      let isPassing = !Self.isSidecar(spec) && !Self.hook(spec).isEmpty
      return isPassing ? task.state == "dead" && !task.failed : task.state == "running"
    }
    if begins { plan(.unhealthy(allocation: id), in: scaled(update["HealthyDeadline"]?.int ?? 0)) }
    guard isUp else { return }
    let isHopeless = specs.contains { spec in
      if case .neverHealthy = behaviour(allocation, spec.text("Name")) { true } else { false }
    }
    guard !isHopeless else { return }
    plan(
      .healthy(allocation: id, lives: tasks.mapValues(\.life)), in: scaled(update["MinHealthyTime"]?.int ?? 0)
    )
  }
}
