import Values

/// Makes allocations and deployments, and counts the ones for the others.
extension ClusterState {
  func makeDeployment(_ key: FakeKey, _ job: JSON) -> FakeDeployment {
    FakeDeployment(
      id: FakeID.make(), job: key, version: job.number("Version"),
      jobModifyIndex: UInt64(job.number("ModifyIndex")),
      jobSpecModifyIndex: UInt64(job.number("JobModifyIndex")),
      jobCreateIndex: UInt64(job.number("CreateIndex")), createIndex: index, modifyIndex: index)
  }

  /// Places one allocation. Returns how many were placed: 1 or 0.
  mutating func placeOne(
    _ group: JSON, _ job: JSON, _ key: FakeKey, _ evaluation: String, _ number: Int, _ deployment: String,
    _ isCanary: Bool, _ before: FakeAllocation?, _ failures: inout [String: PlacementSearch],
    _ queued: inout [String: Int], isUpdate: Bool = false, on only: FakeNode? = nil
  ) -> Int {
    let name = group.text("Name")
    let found = place(group, of: job, key: key, without: isUpdate ? Set([before?.id ?? ""]) : [])
    guard let node = only ?? found.node else {
      if var failure = failures[name] {
        failure.coalesced += 1
        failures[name] = failure
      } else {
        failures[name] = found.search
      }
      queued[name, default: 0] += 1
      return 0
    }
    if let before {
      stop(
        before.id,
        because: isUpdate
          ? "alloc is being updated due to job update" : "alloc was rescheduled because it failed")
    }
    tables[.allocations] = index
    var made = FakeAllocation(
      id: FakeID.make(), name: "\(key.id).\(name)[\(number)]", number: number, job: key, spec: job,
      group: name,
      nodeID: node.id, nodeName: node.name, evaluation: evaluation,
      metrics: found.search.json(minor: version.minor),
      createIndex: index, modifyIndex: index, createTime: now, modifyTime: now)
    made.deployment = deployment
    made.isCanary = isCanary
    made.previous = before?.id ?? ""
    made.attempts = isUpdate ? 0 : (before?.attempts ?? -1) + 1
    made.ports = ports(of: group, on: node)
    allocations[made.id] = made
    if let before { allocations[before.id]?.next = made.id }
    noteplaced(made.id, deployment)
    note(made, "PlanResult")
    plan(.receive(allocation: made.id), in: pace.start)
    return 1
  }

  /// Counts an allocation for its deployment.
  mutating func noteplaced(_ id: String, _ deployment: String) {
    guard var found = deployments[deployment], let allocation = allocations[id],
      var group = found.groups[allocation.group]
    else { return }
    group.placed += 1
    if allocation.isCanary { group.placedCanaries.append(id) }
    if group.requireProgressBy == nil, group.progressDeadline > 0 {
      let at = now + scaled(group.progressDeadline)
      group.requireProgressBy = at
      plan(.deadline(deployment: deployment, group: allocation.group, at), in: at - now)
    }
    found.groups[allocation.group] = group
    found.modifyIndex = index
    deployments[deployment] = found
    tables[.deployments] = index
    note(found, "PlanResult")
  }

  enum Rescheduling { case now, later(Int64), never }

  func rescheduling(
    _ allocation: FakeAllocation, _ group: JSON, _ deployment: FakeDeployment?
  ) -> Rescheduling {
    // What failed within a deployment is placed anew when that is allowed.
    if let deployment, deployment.id == allocation.deployment, deployment.isActive,
      !allocation.mayBeRescheduled
    {
      return .never
    }
    if let deployment, deployment.id == allocation.deployment, deployment.status == "failed" { return .never }
    if allocation.client == "lost" { return .now }
    if let followup = evaluations[allocation.followup] {
      return followup.status == "pending" && (followup.waitUntil ?? .zero) > now ? .later(0) : .now
    }
    let policy = group["ReschedulePolicy"] ?? .null
    guard !policy.isNull else { return .never }
    if !policy.flag("Unlimited"), allocation.attempts >= policy.number("Attempts") { return .never }
    return .later(policy["Delay"]?.int ?? 0)
  }
}
