import Values
import Wire

/// Calls that concern allocations.
package struct AllocationCalls: Sendable {
  let requester: Requester

  /// The allocations that are kept, with their tasks.
  ///
  /// `GET /v1/allocations`, page by page. Asked again after a loss.
  ///
  /// - Parameters:
  ///   - prefix: with what their IDs begin: an even number of hexadecimal digits.
  ///   - resources: whether what each has on its node, such as ports, is told.
  package func list(
    prefix: String = "", resources: Bool = false, _ query: Query = Query()
  ) async throws -> Indexed<[Allocation]> {
    let request = Request(.GET, ["v1", "allocations"]).with("prefix", prefix).with("resources", resources)
    return try await requester.pages(request, query) { Allocation($0) }
  }

  /// An allocation, with its job as it was; `nil` if there is none.
  ///
  /// `GET /v1/allocation/{id}`. Asked again after a loss.
  package func read(_ id: String, _ query: Query = Query()) async throws -> Indexed<Allocation?> {
    let request = try Request.of(.GET, ["v1", "allocation"], id, "the allocation")
    return try await requester.find(request, query) { Allocation($0) }
  }

  /// Stops an allocation; another one takes its place.
  ///
  /// `POST /v1/allocation/{id}/stop`. Asked again after a loss.
  ///
  /// - Returns: the evaluation that places the other one.
  package func stop(_ id: String, in namespace: String? = nil) async throws -> String? {
    let request = try Request.of(.POST, ["v1", "allocation"], id, "the allocation", then: ["stop"])
    return try await requester.act(request.repeatable(), in: namespace).evaluation()
  }

  /// Starts tasks of an allocation again where they are.
  ///
  /// `POST /v1/client/allocation/{id}/restart`. Not asked again after a loss: they may have been started.
  ///
  /// - Parameters:
  ///   - task: only this one; `nil` means all that run.
  ///   - all: whether also those that have ended are started again; agents before 1.4 do so with none.
  package func restart(
    _ id: String, task: String? = nil, all: Bool = false, in namespace: String? = nil
  ) async throws {
    var body: JSON = [:]
    body["TaskName"] = task.map(JSON.string)
    if all { body["AllTasks"] = true }
    _ = try await requester.act(try client(id, "restart").with(body).repeatable(false), in: namespace)
  }

  /// Sends a signal to tasks of an allocation.
  ///
  /// `POST /v1/client/allocation/{id}/signal`. Not asked again after a loss: they may have got it.
  ///
  /// - Parameters:
  ///   - signal: such as `SIGHUP`.
  ///   - task: only to this one; `nil` means to all.
  package func signal(
    _ id: String, _ signal: String, task: String? = nil, in namespace: String? = nil
  ) async throws {
    let body: JSON = ["Signal": .string(signal), "Task": .string(task ?? "")]
    _ = try await requester.act(try client(id, "signal").with(body).repeatable(false), in: namespace)
  }

  /// What an allocation uses now.
  ///
  /// `GET /v1/client/allocation/{id}/stats`. Asked again after a loss.
  ///
  /// - Throws: ``NomadError``; with ``NomadError/isNotFound`` if its node does not have it any more.
  package func usage(_ id: String, in namespace: String? = nil) async throws -> AllocationUsage {
    let request = try Request.of(.GET, ["v1", "client", "allocation"], id, "the allocation", then: ["stats"])
    return AllocationUsage(try await requester.act(request, in: namespace).object())
  }

  private func client(_ id: String, _ action: String) throws -> Request {
    try Request.of(.POST, ["v1", "client", "allocation"], id, "the allocation", then: [action])
  }
}
