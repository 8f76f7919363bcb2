import NIOHTTP1
import Values
import Wire

/// Calls that concern deployments.
package struct DeploymentCalls: Sendable {
  let requester: Requester

  /// A deployment; `nil` if there is none.
  ///
  /// `GET /v1/deployment/{id}`. Asked again after a loss.
  package func read(_ id: String, _ query: Query = Query()) async throws -> Indexed<Deployment?> {
    let request = try Request.of(.GET, ["v1", "deployment"], id, "the deployment")
    return try await requester.find(request, query) { Deployment($0) }
  }

  /// The deployments that are kept.
  ///
  /// `GET /v1/deployments`, page by page. Asked again after a loss.
  ///
  /// - Parameter prefix: with what their IDs begin: an even number of hexadecimal digits.
  package func list(prefix: String = "", _ query: Query = Query()) async throws -> Indexed<[Deployment]> {
    let request = Request(.GET, ["v1", "deployments"]).with("prefix", prefix)
    return try await requester.pages(request, query) { Deployment($0) }
  }

  /// The allocations of a deployment.
  ///
  /// `GET /v1/deployment/allocations/{id}`. Asked again after a loss.
  package func allocations(of id: String, _ query: Query = Query()) async throws -> Indexed<[Allocation]> {
    let request = try Request.of(.GET, ["v1", "deployment", "allocations"], id, "the deployment")
    return try await requester.read(request, query) { try $0.list().map { Allocation($0) } }
  }

  /// Holds a deployment where it is, or lets it go on.
  ///
  /// `POST /v1/deployment/pause/{id}`. Asked again after a loss.
  ///
  /// - Returns: the evaluation that goes on with it.
  package func pause(
    _ id: String, _ isPaused: Bool = true, in namespace: String? = nil
  ) async throws -> String? {
    let body: JSON = ["DeploymentID": .string(id), "Pause": .bool(isPaused)]
    return try await act("pause", id, body, namespace) { ($0.status == "paused") == isPaused && $0.isActive }
  }

  /// Ends a deployment as failed. What it placed stays, until the job is registered anew.
  ///
  /// `POST /v1/deployment/fail/{id}`. Asked again after a loss; if it then has failed, the call succeeds.
  ///
  /// - Throws: ``NomadError``; with ``NomadError/isInvalid`` if it has ended.
  package func fail(_ id: String, in namespace: String? = nil) async throws -> String? {
    try await act("fail", id, nil, namespace) { $0.status == "failed" }
  }

  /// Lets the canaries of a deployment be what it goes on with.
  ///
  /// `POST /v1/deployment/promote/{id}`. Asked again after a loss.
  ///
  /// - Parameter groups: those of these groups; `nil` means all.
  /// - Throws: ``NomadError``; with ``NomadError/isInvalid`` if they are not healthy yet.
  package func promote(
    _ id: String, groups: [String]? = nil, in namespace: String? = nil
  ) async throws -> String? {
    var body: JSON = ["DeploymentID": .string(id)]
    if let groups { body["Groups"] = .array(groups.map(JSON.string)) } else { body["All"] = true }
    return try await act("promote", id, body, namespace) { deployment in
      deployment.groups.allSatisfy { name, group in
        group.desiredCanaries == 0 || group.promoted || groups.map { !$0.contains(name) } ?? false
      }
    }
  }

  /// Lets a deployment of several regions go on that waits for another one.
  ///
  /// `POST /v1/deployment/unblock/{id}`. Asked again after a loss.
  package func unblock(_ id: String, in namespace: String? = nil) async throws -> String? {
    try await act("unblock", id, ["DeploymentID": .string(id)], namespace) { $0.status != "blocked" }
  }

  /// Says by hand which allocations are healthy, and which are not.
  ///
  /// `POST /v1/deployment/allocation-health/{id}`. Asked again after a loss.
  package func setHealth(
    _ id: String, healthy: [String], unhealthy: [String], in namespace: String? = nil
  ) async throws -> String? {
    let body: JSON = [
      "DeploymentID": .string(id), "HealthyAllocationIDs": .array(healthy.map(JSON.string)),
      "UnhealthyAllocationIDs": .array(unhealthy.map(JSON.string)),
    ]
    return try await act("allocation-health", id, body, namespace) { _ in false }
  }

  /// - Parameter isDone: whether a deployment is as it was asked for.
  private func act(
    _ action: String, _ id: String, _ body: JSON?, _ namespace: String?,
    isDone: @escaping @Sendable (Deployment) -> Bool
  ) async throws -> String? {
    var request = try Request.of(.POST, ["v1", "deployment", action], id, "the deployment").repeatable()
    if let body { request = request.with(body) }
    let answer = try await requester.act(request, in: namespace) { _ in
      guard let found = try await read(id, .in(namespace)).value, isDone(found) else { return nil }
      return .standing(for: [:])
    }
    return try answer.evaluation()
  }
}
