import Values
import Wire

/// Calls that change jobs.
extension JobCalls {
  /// Registers a job: makes it, or puts it in the place of the one of its ID. One that says the same as the one that is
  /// there stays what it is, with its version.
  ///
  /// `POST /v1/jobs`. Asked again after a loss: registering the same twice is registering it once. With a check, the
  /// second one is refused if the first was done; then what is there is read, and if it holds all that was sent, the call
  /// succeeds. So what is registered must differ between those who register it, and between one time and the next.
  ///
  /// - Parameters:
  ///   - check: what must be so.
  ///   - preservingCounts: whether each group keeps the count that it has now.
  /// - Throws: ``NomadError``; with ``NomadError/isConflict`` if the check does not hold, with ``NomadError/isInvalid`` if
  ///   the job breaks a rule of the agent.
  package func register(
    _ job: NomadJob, check: JobCheck = .none, in namespace: String? = nil, preservingCounts: Bool = false
  ) async throws -> Registration {
    let job = placed(job, in: namespace)
    // The ID is not in the path, but must be one that the other calls can name.
    _ = try Self.request(job.id)
    var body: JSON = ["Job": job.json]
    check.apply(to: &body)
    if preservingCounts { body["PreserveCounts"] = true }
    let request = Request(.POST, ["v1", "jobs"]).with(body).repeatable()
    var settled: NomadJob?
    let answer = try await requester.act(request, in: job.namespace) { refusal in
      guard refusal.isConflict, !preservingCounts else { return nil }
      let found = try await read(job.id, .in(job.namespace)).value
      guard let found, JobSameness.holds(job.resendable.json, in: found.json) else { return nil }
      settled = found
      return .standing(for: [:])
    }
    if let settled { return Registration(settled) }
    return Registration(try answer.object(), index: answer.index)
  }

  /// Stops a job. It is kept for a while, with its versions, unless it is purged. One that is not there is none to be
  /// stopped, and that is fine.
  ///
  /// `DELETE /v1/job/{id}`. Asked again after a loss.
  ///
  /// - Returns: the evaluation that stops its allocations; `nil` for what runs at times or when it is dispatched. Agents name
  ///   one also for a job that is not there; it can't be read then.
  package func stop(_ id: String, purge: Bool = false, in namespace: String? = nil) async throws -> String? {
    var request = try Self.request(id).with("purge", purge).repeatable()
    request.method = .DELETE
    do {
      return try await requester.act(request, in: namespace).evaluation()
    } catch let error as NomadError where error.isNotFound {
      return nil
    }
  }

  /// Makes a new version that says what an older one said.
  ///
  /// `POST /v1/job/{id}/revert`. Asked again after a loss unless the version before is checked: then it is not known
  /// whether it was done.
  ///
  /// - Parameter prior: the version that the job must have now; `nil` means any.
  /// - Throws: ``NomadError``; with ``NomadError/isInvalid`` if the version is the one that it has.
  package func revert(
    _ id: String, to version: Int, prior: Int? = nil, in namespace: String? = nil
  ) async throws -> Registration {
    var request = try Self.request(id, then: "revert")
    request.method = .POST
    var body: JSON = ["JobID": .string(id), "JobVersion": .int(Int64(version))]
    body["EnforcePriorVersion"] = prior.map { .int(Int64($0)) }
    let answer = try await requester.act(request.with(body).repeatable(prior == nil), in: namespace)
    return Registration(try answer.object(), index: answer.index)
  }

  /// Gives a group another count.
  ///
  /// `POST /v1/job/{id}/scale`. Asked again after a loss. If the agent then refuses, for the deployment that the first one
  /// began, the job is read, and if the group has the count, the call succeeds.
  ///
  /// - Parameter message: why, as the job's scaling events tell it.
  /// - Throws: ``NomadError``; with ``NomadError/isInvalid`` while a deployment of the job goes on.
  package func scale(
    _ id: String, group: String, to count: Int, message: String = "", in namespace: String? = nil
  ) async throws -> Registration {
    var request = try Self.request(id, then: "scale").repeatable()
    request.method = .POST
    var body: JSON = ["Count": .int(Int64(count)), "Target": ["Job": .string(id), "Group": .string(group)]]
    if !message.isEmpty { body["Message"] = .string(message) }
    var settled: NomadJob?
    let answer = try await requester.act(request.with(body), in: namespace) { _ in
      let found = try await read(id, .in(namespace)).value
      guard let found, found.group(group)?.number("Count") == count else { return nil }
      settled = found
      return .standing(for: [:])
    }
    if let settled { return Registration(settled) }
    return Registration(try answer.object(), index: answer.index)
  }

  /// Lets a scheduler look at a job once more.
  ///
  /// `POST /v1/job/{id}/evaluate`. Asked again after a loss.
  ///
  /// - Parameter forcingReschedule: whether failed allocations are placed anew at once, however often they were.
  /// - Returns: the evaluation.
  package func evaluate(
    _ id: String, forcingReschedule: Bool = false, in namespace: String? = nil
  ) async throws -> String? {
    var request = try Self.request(id, then: "evaluate").repeatable()
    request.method = .POST
    let body: JSON = ["JobID": .string(id), "EvalOptions": ["ForceReschedule": .bool(forcingReschedule)]]
    return try await requester.act(request.with(body), in: namespace).evaluation()
  }
}
