import Values

/// Answers to requests for jobs. `command/agent/job_endpoint.go`.
extension Router {
  mutating func jobs(_ rest: String) -> FakeAnswer {
    if isWriting { return register(named: nil) }
    guard request.method == "GET" else { return .text(405, "Invalid method") }
    guard allows("list-jobs") || namespace == "*" else { return Self.denied }
    let prefix = request["prefix"] ?? ""
    let wanted = state.jobs.filter { isWanted($0.key.namespace) && $0.key.id.hasPrefix(prefix) }
    let withMeta = minor >= 4 && request["meta"] == "true"
    return list(
      wanted.map { key, versions in
        (minor >= 3 ? "\(key.namespace).\(key.id)" : key.id, stub(versions[0], key, withMeta: withMeta))
      }, .jobs, "JobListStub")
  }

  func stub(_ job: JSON, _ key: FakeKey, withMeta: Bool) -> JSON {
    var stub: JSON = [
      "ID": .string(key.id), "ParentID": job["ParentID"] ?? "", "Name": job["Name"] ?? "",
      "Namespace": .string(key.namespace), "Datacenters": job["Datacenters"] ?? .null, "Multiregion": .null,
      "Type": job["Type"] ?? "", "Priority": job["Priority"] ?? 50,
      "Periodic": .bool(!(job["Periodic"] ?? .null).isNull),
      "ParameterizedJob": .bool(!(job["ParameterizedJob"] ?? .null).isNull), "Stop": job["Stop"] ?? false,
      "Status": job["Status"] ?? "", "StatusDescription": job["StatusDescription"] ?? "",
      "JobSummary": summary(job, key), "CreateIndex": job["CreateIndex"] ?? 0,
      "ModifyIndex": job["ModifyIndex"] ?? 0, "JobModifyIndex": job["JobModifyIndex"] ?? 0,
      "SubmitTime": job["SubmitTime"] ?? 0,
    ]
    if withMeta { stub["Meta"] = job["Meta"] ?? .null }
    if minor >= 6 { stub["NodePool"] = job["NodePool"] ?? "default" }
    return stub
  }

  func summary(_ job: JSON, _ key: FakeKey) -> JSON {
    var groups: [JSON.Member] = []
    for group in job.elements("TaskGroups") {
      let name = group.text("Name")
      let all = state.allocations.values.filter { $0.job == key && $0.group == name }
      func count(_ status: String) -> JSON { .number(all.filter { $0.client == status }.count) }
      let queued = state.evaluations.values.filter { $0.job == key && $0.status == "blocked" }
        .map { $0.queued[name] ?? 0 }.reduce(0, +)
      var summary: JSON = [
        "Queued": .number(queued), "Complete": count("complete"), "Failed": count("failed"),
        "Running": count("running"), "Starting": count("pending"), "Lost": count("lost"),
      ]
      if minor >= 3 { summary["Unknown"] = 0 }
      groups.append(JSON.Member(name, summary))
    }
    return [
      "JobID": .string(key.id), "Namespace": .string(key.namespace), "Summary": .object(groups),
      "Children": ["Pending": 0, "Running": 0, "Dead": 0], "CreateIndex": job["CreateIndex"] ?? 0,
      "ModifyIndex": job["ModifyIndex"] ?? 0,
    ]
  }

  mutating func job(_ rest: String) -> FakeAnswer {
    for action in [
      "evaluate", "allocations", "evaluations", "plan", "versions", "revert", "deployments", "deployment",
      "scale",
    ] where rest.hasSuffix("/\(action)") {
      let key = FakeKey(namespace: namespace, id: String(rest.dropLast(action.count + 1)))
      return act(action, key)
    }
    let key = FakeKey(namespace: namespace, id: rest)
    switch request.method {
    case "GET":
      guard allows("read-job") else { return Self.denied }
      guard let job = state.job(key) else { return missingJob }
      return .json(job, index: UInt64(job.number("ModifyIndex")), shape: .object("Job"))
    case "POST", "PUT": return register(named: rest)
    case "DELETE":
      guard allows("submit-job") else { return Self.denied }
      let done = state.deregister(key, purge: request["purge"] == "true")
      return .json(
        [
          "EvalID": .string(done.evaluation), "EvalCreateIndex": .state(done.index),
          "JobModifyIndex": .state(done.jobModifyIndex), "VolumeEvalID": "", "VolumeEvalIndex": 0,
          "Index": .state(done.index), "LastContact": 0, "KnownLeader": false,
        ], index: done.index, shape: .object("JobDeregisterResponse"))
    default: return .text(405, "Invalid method")
    }
  }

  private var missingJob: FakeAnswer { absent("job not found", .jobs) }

  mutating func act(_ action: String, _ key: FakeKey) -> FakeAnswer {
    switch action {
    case "plan": return plan(key)
    case "revert": return revert(key)
    case "scale": return scale(key)
    case "evaluate":
      guard allows("read-job") else { return Self.denied }
      guard state.job(key) != nil else { return .text(500, "job not found") }
      _ = state.commit(.evaluations)
      let id = state.makeEvaluation(key, "job-register")
      return .json(
        [
          "EvalID": .string(id), "EvalCreateIndex": .state(state.index), "JobModifyIndex": 0, "Warnings": "",
          "Index": .state(state.index), "LastContact": 0, "KnownLeader": false,
        ], index: state.index, shape: .object("JobRegisterResponse"))
    default: break
    }
    guard allows("read-job") else { return Self.denied }
    let created = state.job(key).map { UInt64($0.number("CreateIndex")) }
    let all = request["all"] == "true"
    switch action {
    case "versions":
      guard let versions = state.jobs[key] else { return absent("job versions not found", .jobs) }
      return .json(
        [
          "Versions": .array(versions), "Diffs": .null, "Index": .state(state.tables[.jobs] ?? 1),
          "LastContact": 0, "KnownLeader": true,
        ], index: UInt64(versions[0].number("ModifyIndex")), shape: .object("JobVersionsResponse"))
    case "evaluations":
      let found = state.evaluations.values.filter { $0.job == key }
      return list(found.map { ($0.id, $0.json(state.clock)) }, .evaluations, "Evaluation")
    case "allocations":
      let found = state.allocations.values.filter {
        $0.job == key && (all || created == nil || UInt64($0.spec.number("CreateIndex")) == created)
      }
      return list(
        found.map { ($0.id, $0.stub(state.clock, resources: false)) }, .allocations, "AllocationListStub")
    default:
      let found = state.deployments.values.filter {
        $0.job == key && (all || created == nil || $0.jobCreateIndex == created)
      }
      if action == "deployments" {
        return list(found.map { ($0.id, $0.json(state.clock)) }, .deployments, "Deployment")
      }
      guard let latest = found.max(by: { $0.createIndex < $1.createIndex }) else {
        return .json(.null, index: state.tables[.deployments] ?? 1)
      }
      return .json(latest.json(state.clock), index: latest.modifyIndex, shape: .object("Deployment"))
    }
  }
}
