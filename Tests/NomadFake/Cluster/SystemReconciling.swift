import Values

/// One step of a group of a job that runs on every node.
extension ClusterState {
  mutating func reconcileSystem(
    _ group: JSON, _ job: JSON, _ key: FakeKey, _ evaluation: String,
    _ failures: inout [String: PlacementSearch], _ queued: inout [String: Int]
  ) -> GroupPlan {
    var plan = GroupPlan()
    let name = group.text("Name")
    let live = allocations.values.filter {
      $0.job == key && $0.group == name && $0.desired == "run" && !$0.isTerminal
    }
    for allocation in live where allocation.version != job.number("Version") {
      if UpdateRule.needsReplacement(allocation.spec, job, group: name) {
        plan.destructive += 1
        stop(allocation.id, because: "alloc is being updated due to job update")
      } else {
        plan.inPlace += 1
        allocations[allocation.id]?.spec = job
        touch(allocation.id, "PlanResult")
      }
    }
    for node in nodes where node.isEligible && !node.isDown {
      let isThere = allocations.values.contains {
        $0.job == key && $0.group == name && $0.nodeID == node.id && $0.desired == "run" && !$0.isTerminal
      }
      guard !isThere, node.drivers.contains(group.elements("Tasks").first?.text("Driver") ?? "") else {
        continue
      }
      plan.place += placeOne(
        group, job, key, evaluation, 0, "", false, nil, &failures, &queued, on: node)
    }
    return plan
  }
}
