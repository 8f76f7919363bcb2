import Values
import Wire

/// Calls that concern jobs.
///
/// A request that the agent refuses for too many, or that never reached it, is asked again. Where an answer is lost, it
/// depends on the call whether it is asked again: see each. A namespace of `nil` means that of the access.
package struct JobCalls: Sendable {
  let requester: Requester

  static func request(_ id: String, then rest: String...) throws -> Request {
    try Request.of(.GET, ["v1", "job"], id, "the job", then: rest)
  }

  // MARK: Reading

  /// The jobs, also stopped ones that are kept for a while.
  ///
  /// `GET /v1/jobs`, page by page. Asked again after a loss.
  ///
  /// - Parameters:
  ///   - prefix: with what their IDs begin.
  ///   - meta: whether what was noted on them is told; agents before 1.4 don't tell it.
  package func list(
    prefix: String = "", meta: Bool = false, _ query: Query = Query()
  ) async throws -> Indexed<[JobStub]> {
    let request = Request(.GET, ["v1", "jobs"]).with("prefix", prefix).with("meta", meta)
    return try await requester.pages(request, query) { JobStub($0) }
  }

  /// A job, also one that was stopped and is kept for a while; `nil` if there is none.
  ///
  /// `GET /v1/job/{id}`. Asked again after a loss.
  package func read(_ id: String, _ query: Query = Query()) async throws -> Indexed<NomadJob?> {
    try await requester.find(try Self.request(id), query) { NomadJob($0) }
  }

  /// The versions of a job that are kept, the newest first; none if there is no such job.
  ///
  /// `GET /v1/job/{id}/versions`. Asked again after a loss.
  package func versions(of id: String, _ query: Query = Query()) async throws -> Indexed<[NomadJob]> {
    let found = try await requester.find(try Self.request(id, then: "versions"), query) { json in
      json.elements("Versions").map { NomadJob($0) }.sorted { $0.version > $1.version }
    }
    return found.map { $0 ?? [] }
  }

  /// The evaluations of a job that are kept.
  ///
  /// `GET /v1/job/{id}/evaluations`. Asked again after a loss.
  package func evaluations(of id: String, _ query: Query = Query()) async throws -> Indexed<[Evaluation]> {
    try await requester.read(try Self.request(id, then: "evaluations"), query) {
      try $0.list().map { Evaluation($0) }
    }
  }

  /// The deployments of a job that are kept.
  ///
  /// `GET /v1/job/{id}/deployments`. Asked again after a loss.
  ///
  /// - Parameter all: whether those of an earlier job of this name are told, too.
  package func deployments(
    of id: String, all: Bool = false, _ query: Query = Query()
  ) async throws -> Indexed<[Deployment]> {
    try await requester.read(try Self.request(id, then: "deployments").with("all", all), query) {
      try $0.list().map { Deployment($0) }
    }
  }

  /// The newest deployment of a job; `nil` if it has none, as what is not a service has none.
  ///
  /// `GET /v1/job/{id}/deployment`. Asked again after a loss.
  package func latestDeployment(of id: String, _ query: Query = Query()) async throws -> Indexed<Deployment?>
  {
    try await requester.find(try Self.request(id, then: "deployment"), query) { Deployment($0) }
  }

  /// The allocations of a job that are kept, with their tasks.
  ///
  /// `GET /v1/job/{id}/allocations`. Asked again after a loss.
  ///
  /// - Parameter all: whether those of an earlier job of this name are told, too.
  package func allocations(
    of id: String, all: Bool = false, _ query: Query = Query()
  ) async throws -> Indexed<[Allocation]> {
    try await requester.read(try Self.request(id, then: "allocations").with("all", all), query) {
      try $0.list().map { Allocation($0) }
    }
  }

  // MARK: Judging

  /// What would come of registering a job. Nothing is done; the token needs `submit-job` all the same.
  ///
  /// `POST /v1/job/{id}/plan`. Asked again after a loss.
  ///
  /// - Parameter diff: whether what would change is told.
  /// - Throws: ``NomadError``; with ``NomadError/isInvalid`` if the job breaks a rule of the agent.
  package func plan(_ job: NomadJob, diff: Bool = true, in namespace: String? = nil) async throws -> JobPlan {
    var request = try Self.request(job.id, then: "plan")
    request.method = .POST
    let job = placed(job, in: namespace)
    let answer = try await requester.act(
      request.with(["Job": job.json, "Diff": .bool(diff)]).repeatable(), in: job.namespace)
    return JobPlan(try answer.object())
  }

  /// What rules of the agent a job breaks. Nothing is done.
  ///
  /// `POST /v1/validate/job`. Asked again after a loss.
  package func validate(_ job: NomadJob, in namespace: String? = nil) async throws -> JobValidation {
    let job = placed(job, in: namespace)
    let request = Request(.POST, ["v1", "validate", "job"]).with(["Job": job.json]).repeatable()
    return JobValidation(try await requester.act(request, in: job.namespace).object())
  }

  /// The job with the namespace that it is to be in: agents take what is in the job before what is in the request.
  func placed(_ job: NomadJob, in namespace: String?) -> NomadJob {
    var job = job
    if let namespace {
      job["Namespace"] = .string(namespace)
    } else if job.namespace.isEmpty {
      job["Namespace"] = .string(requester.namespace)
    }
    return job
  }
}
