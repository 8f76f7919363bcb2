import Values

/// What comes of a request that changes something.
enum FakeOutcome<Value: Sendable>: Sendable {
  case done(Value)
  /// Refused, with the status and the words of an agent.
  case refused(Int, String)
}

extension ClusterState {
  struct Registered: Sendable {
    let evaluation: String
    let jobModifyIndex: UInt64
    let index: UInt64
  }

  /// How many versions of a job are kept.
  private static let keptVersions = 6
  private static let written: Set<String> = [
    "Status", "StatusDescription", "Stable", "Version", "SubmitTime", "CreateIndex", "ModifyIndex",
    "JobModifyIndex", "NomadTokenID",
  ]

  func job(_ key: FakeKey) -> JSON? { jobs[key]?.first }

  /// Registers a job, of which all that is usual is filled in.
  mutating func register(
    _ sent: JSON, _ key: FakeKey, enforcing: UInt64? = nil, preservingCounts: Bool = false
  ) -> FakeOutcome<Registered> {
    let existing = job(key)
    if let enforcing {
      let prefix = "Enforcing job modify index \(enforcing): "
      if let existing {
        let current = UInt64(existing.number("JobModifyIndex"))
        if enforcing == 0 { return .refused(500, prefix + "job already exists") }
        if enforcing != current {
          return .refused(500, prefix + "job exists with conflicting job modify index: \(current)")
        }
      } else if enforcing != 0 {
        return .refused(500, prefix + "job does not exist")
      }
    }
    let broken = JobRules.broken(sent)
    guard broken.isEmpty else { return .refused(500, JobRules.text(broken)) }
    if let existing, existing.text("Type") != sent.text("Type") {
      return .refused(
        500, "cannot update job from type \"\(existing.text("Type"))\" to \"\(sent.text("Type"))\"")
    }
    var job = sent
    if preservingCounts, let existing {
      job["TaskGroups"] = .array(
        sent.elements("TaskGroups").map { group in
          var group = group
          let before = existing.elements("TaskGroups").first { $0.text("Name") == group.text("Name") }
          if let before { group["Count"] = before["Count"] }
          return group
        })
    }
    let isSame = existing.map { Self.spec($0) == Self.spec(job) } ?? false
    var modifyIndex = UInt64(existing?.number("JobModifyIndex") ?? 0)
    if !isSame {
      modifyIndex = commit(.jobs, .evaluations)
      job["Status"] = "pending"
      job["StatusDescription"] = ""
      job["Stable"] = false
      job["Version"] = .number(existing.map { $0.number("Version") + 1 } ?? 0)
      job["SubmitTime"] = .int(clock.unix(now))
      job["CreateIndex"] = existing?["CreateIndex"] ?? .state(modifyIndex)
      job["ModifyIndex"] = .state(modifyIndex)
      job["JobModifyIndex"] = .state(modifyIndex)
      if let existing { job["Status"] = existing["Status"] }
      jobs[key] = Array(([job] + (jobs[key] ?? [])).prefix(Self.keptVersions))
      note(
        "Job", "JobRegistered", key: key.id, namespace: key.namespace, filters: [], payload: job)
    } else {
      _ = commit(.evaluations)
    }
    let isPlaced = (job["Periodic"] ?? .null).isNull && (job["ParameterizedJob"] ?? .null).isNull
    let evaluation = isPlaced ? makeEvaluation(key, "job-register") : ""
    refreshStatus(key)
    return .done(Registered(evaluation: evaluation, jobModifyIndex: modifyIndex, index: index))
  }

  /// What of a job a user wrote.
  static func spec(_ job: JSON) -> [String: JSON] {
    var members: [String: JSON] = [:]
    for member in job.members ?? [] where !written.contains(member.key) {
      members[member.key] = sorted(member.value)
    }
    return members
  }

  /// A value whose keys have one order, so that two can be compared.
  static func sorted(_ json: JSON) -> JSON {
    switch json {
    case .object(let members):
      .object(members.map { JSON.Member($0.key, sorted($0.value)) }.sorted { $0.key < $1.key })
    case .array(let elements): .array(elements.map(sorted))
    default: json
    }
  }

  /// Stops a job. One that is not there gets an evaluation that is never kept, as real servers name one.
  mutating func deregister(_ key: FakeKey, purge: Bool) -> Registered {
    guard var job = job(key) else {
      return Registered(evaluation: FakeID.make(), jobModifyIndex: index, index: index)
    }
    let state = commit(.jobs, .evaluations)
    let isPlaced = (job["Periodic"] ?? .null).isNull && (job["ParameterizedJob"] ?? .null).isNull
    let wasStopped = job.flag("Stop")
    job["Stop"] = true
    if !wasStopped {
      job["Version"] = .number(job.number("Version") + 1)
      job["JobModifyIndex"] = .state(state)
      job["ModifyIndex"] = .state(state)
    }
    if purge {
      jobs[key] = nil
    } else if !wasStopped {
      jobs[key] = Array(([job] + (jobs[key] ?? [])).prefix(Self.keptVersions))
    }
    note("Job", "JobDeregistered", key: key.id, namespace: key.namespace, filters: [], payload: job)
    let evaluation = isPlaced ? makeEvaluation(key, "job-deregister") : ""
    refreshStatus(key)
    return Registered(evaluation: evaluation, jobModifyIndex: state, index: state)
  }

  /// A job's status follows its allocations and evaluations. `nomad/state`, `getJobStatus`.
  mutating func refreshStatus(_ key: FakeKey) {
    guard var job = job(key) else { return }
    let allocations = allocations.values.filter { $0.job == key }
    let evaluations = evaluations.values.filter { $0.job == key }
    let status: String
    if allocations.contains(where: { !$0.isTerminal && $0.desired == "run" || !$0.isTerminal }) {
      status = "running"
    } else if evaluations.contains(where: { ["pending", "blocked"].contains($0.status) }) {
      status = "pending"
    } else if job.flag("Stop") || !evaluations.isEmpty || !allocations.isEmpty {
      status = "dead"
    } else {
      status = (job["Periodic"] ?? .null).isNull ? "pending" : "running"
    }
    guard status != job.text("Status") else { return }
    job["Status"] = .string(status)
    job["ModifyIndex"] = .state(index)
    tables[.jobs] = index
    jobs[key]?[0] = job
  }

  /// Marks a version as one that a deployment of was successful.
  mutating func markStable(_ key: FakeKey, version: Int) {
    guard let place = jobs[key]?.firstIndex(where: { $0.number("Version") == version }) else { return }
    jobs[key]?[place]["Stable"] = true
    if place == 0 {
      jobs[key]?[place]["ModifyIndex"] = .state(index)
      tables[.jobs] = index
    }
  }

  mutating func makeEvaluation(
    _ key: FakeKey, _ trigger: String, deployment: String = "", status: String = "pending",
    after delay: Duration = .zero, previous: String = ""
  ) -> String {
    let job = job(key)
    let evaluation = FakeEvaluation(
      id: FakeID.make(), job: key, type: job?.text("Type") ?? "service",
      priority: job?.number("Priority") ?? 50, triggeredBy: trigger, status: status, deployment: deployment,
      previous: previous, jobModifyIndex: UInt64(job?.number("JobModifyIndex") ?? 0),
      waitUntil: delay > .zero ? now + delay : nil, createIndex: index, modifyIndex: index, createTime: now,
      modifyTime: now)
    evaluations[evaluation.id] = evaluation
    tables[.evaluations] = index
    note(evaluation, "EvaluationUpdated")
    if status == "pending" { plan(.evaluate(evaluation.id), in: delay) }
    return evaluation.id
  }
}
