import Values

/// Answers to requests that change jobs, or ask what would come of it.
extension Router {
  /// The job of a request, with what is usual filled in, and where it is to be.
  func job(of body: JSON) -> (job: JSON, key: FakeKey) {
    let sent = body["Job"] ?? .null
    let own = sent.text("Namespace")
    let asked = request["namespace"] ?? body.text("Namespace")
    let namespace = !own.isEmpty && own != "default" ? own : asked.isEmpty ? "default" : asked
    return (
      JobDefaults.filled(sent, namespace: namespace, minor: minor),
      FakeKey(namespace: namespace, id: sent.text("ID"))
    )
  }

  mutating func register(named name: String?) -> FakeAnswer {
    let body: JSON
    switch self.body("JobRegisterRequest") {
    case .failure(let refusal): return .text(400, refusal.text)
    case .success(let read): body = read
    }
    guard let sent = body["Job"], !sent.isNull else { return .text(400, "Job must be specified") }
    guard sent["ID"]?.string != nil else { return .text(400, "Job ID hasn't been provided") }
    if let name, sent.text("ID") != name { return .text(400, "Job ID does not match name") }
    let (job, key) = job(of: body)
    guard allows(.namespace(key.namespace, ["submit-job"])) else { return Self.denied }
    guard state.namespaces[key.namespace] != nil else {
      return .text(500, "job \"\(key.id)\" is in nonexistent namespace \"\(key.namespace)\"")
    }
    let enforcing = body.flag("EnforceIndex") ? UInt64(body.number("JobModifyIndex")) : nil
    switch state.register(job, key, enforcing: enforcing, preservingCounts: body.flag("PreserveCounts")) {
    case .refused(let status, let words): return .text(status, words)
    case .done(let done): return registered(done, job)
    }
  }

  func registered(_ done: ClusterState.Registered, _ job: JSON) -> FakeAnswer {
    .json(
      [
        "EvalID": .string(done.evaluation), "EvalCreateIndex": .state(done.index),
        "JobModifyIndex": .state(done.jobModifyIndex),
        "Warnings": .string(JobRules.warnings(job, minor: minor)), "Index": .state(done.index),
        "LastContact": 0, "KnownLeader": false,
      ], index: done.index, shape: .object("JobRegisterResponse"))
  }

  mutating func plan(_ key: FakeKey) -> FakeAnswer {
    guard isWriting else { return .text(405, "Invalid method") }
    let body: JSON
    switch self.body("JobPlanRequest") {
    case .failure(let refusal): return .text(400, refusal.text)
    case .success(let read): body = read
    }
    guard let sent = body["Job"], !sent.isNull else { return .text(400, "Job must be specified") }
    guard sent.text("ID") == key.id else { return .text(400, "Job ID does not match") }
    let (job, key) = job(of: body)
    guard allows(.namespace(key.namespace, ["submit-job"])) else { return Self.denied }
    let old = state.job(key)
    // What would come of it is tried on a copy.
    var copy = state
    if case .refused(let status, let words) = copy.register(job, key) { return .text(status, words) }
    var (failures, queued): ([String: PlacementSearch], [String: Int]) = ([:], [:])
    let plans = copy.reconcile(key, evaluation: "", failures: &failures, queued: &queued)
    return .json(
      [
        "Annotations": ["DesiredTGUpdates": .map(plans, \.json), "PreemptedAllocs": .null],
        "FailedTGAllocs": failures.isEmpty ? .null : .map(failures) { $0.json(minor: minor) },
        "JobModifyIndex": old?["JobModifyIndex"] ?? 0, "CreatedEvals": .null,
        "Diff": body.flag("Diff") ? JobDiffing.diff(old, job, updates: plans) : .null,
        "NextPeriodicLaunch": .null, "Warnings": .string(JobRules.warnings(job, minor: minor)),
        "Index": .state(state.index),
      ], index: state.index, shape: .object("JobPlanResponse"))
  }

  mutating func validate(_ rest: String) -> FakeAnswer {
    guard isWriting else { return .text(405, "Invalid method") }
    switch self.body("JobValidateRequest") {
    case .failure(let refusal): return .text(400, refusal.text)
    case .success(let body):
      guard let sent = body["Job"], !sent.isNull else { return .text(400, "Job must be specified") }
      let broken = JobRules.broken(job(of: body).job)
      return .json(
        [
          "DriverConfigValidated": true, "ValidationErrors": .texts(broken),
          "Error": .string(broken.isEmpty ? "" : JobRules.text(broken)), "Warnings": "",
        ], index: 0, shape: .object("JobValidateResponse"))
    }
  }

  mutating func revert(_ key: FakeKey) -> FakeAnswer {
    guard isWriting else { return .text(405, "Invalid method") }
    guard allows("submit-job") else { return Self.denied }
    guard case .success(let body) = self.body("JobRevertRequest") else {
      return .text(400, "Request body is empty")
    }
    guard let current = state.job(key) else { return .text(500, "job \"\(key.id)\" not found") }
    let version = body.number("JobVersion")
    if version == current.number("Version") { return .text(500, "can't revert to current version") }
    guard let found = state.jobs[key]?.first(where: { $0.number("Version") == version }) else {
      return .text(
        500, "job \"\(key.id)\" in namespace \"\(key.namespace)\" at version \(version) not found")
    }
    var enforcing: UInt64?
    if let prior = body["EnforcePriorVersion"]?.int {
      guard prior == Int64(current.number("Version")) else {
        return .text(500, "Current job has version \(current.number("Version")); enforcing version \(prior)")
      }
      enforcing = UInt64(current.number("JobModifyIndex"))
    }
    switch state.register(found, key, enforcing: enforcing) {
    case .refused(let status, let words): return .text(status, words)
    case .done(let done): return registered(done, [:])
    }
  }

  mutating func scale(_ key: FakeKey) -> FakeAnswer {
    guard isWriting else { return .text(405, "Invalid method") }
    guard allows("scale-job", "submit-job") else { return Self.denied }
    guard case .success(let body) = self.body("ScalingRequest") else {
      return .text(400, "Request body is empty")
    }
    guard var job = state.job(key) else { return .text(404, "job \"\(key.id)\" not found") }
    let name = body["Target"]?.text("Group") ?? ""
    guard job.elements("TaskGroups").contains(where: { $0.text("Name") == name }) else {
      return .text(400, "task group \"\(name)\" specified for scaling does not exist in job")
    }
    if let deployment = state.activeDeployment(of: key), deployment.isActive {
      return .text(400, "job scaling blocked due to active deployment")
    }
    job["TaskGroups"] = .array(
      job.elements("TaskGroups").map { group in
        var group = group
        if group.text("Name") == name { group["Count"] = body["Count"] }
        return group
      })
    switch state.register(job, key) {
    case .refused(let status, let words): return .text(status, words)
    case .done(let done): return registered(done, [:])
    }
  }
}
