import Wire

/// Calls that concern evaluations.
package struct EvaluationCalls: Sendable {
  let requester: Requester

  /// An evaluation; `nil` if there is none.
  ///
  /// `GET /v1/evaluation/{id}`. Asked again after a loss.
  package func read(_ id: String, _ query: Query = Query()) async throws -> Indexed<Evaluation?> {
    let request = try Request.of(.GET, ["v1", "evaluation"], id, "the evaluation")
    return try await requester.find(request, query) { Evaluation($0) }
  }

  /// All evaluations that are kept.
  ///
  /// `GET /v1/evaluations`, page by page. Asked again after a loss.
  package func list(_ query: Query = Query()) async throws -> Indexed<[Evaluation]> {
    try await requester.pages(Request(.GET, ["v1", "evaluations"]), query) { Evaluation($0) }
  }

  /// The allocations that an evaluation placed or stopped.
  ///
  /// `GET /v1/evaluation/{id}/allocations`. Asked again after a loss.
  package func allocations(of id: String, _ query: Query = Query()) async throws -> Indexed<[Allocation]> {
    let request = try Request.of(.GET, ["v1", "evaluation"], id, "the evaluation", then: ["allocations"])
    return try await requester.read(request, query) { try $0.list().map { Allocation($0) } }
  }
}
