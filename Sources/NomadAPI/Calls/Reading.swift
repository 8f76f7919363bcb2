import Values
import Wire

/// How calls read.
extension Requester {
  /// One answer.
  func read<Value: Sendable>(
    _ request: Request, _ query: Query, _ value: (Answer) throws -> Value
  ) async throws -> Indexed<Value> {
    let answer = try await call(
      query.applied(to: request, namespace: namespace), isBlocking: query.isBlocking)
    return Indexed(try value(answer), of: answer)
  }

  /// An object that may not be there. One that is not there is waited for as well: agents hold back a 404.
  func find<Value: Sendable>(
    _ request: Request, _ query: Query, _ value: (JSON) -> Value
  ) async throws -> Indexed<Value?> {
    do {
      return try await read(request, query) { answer in
        let json = try answer.json()
        return json.isNull ? nil : value(json)
      }
    } catch let error as NomadError where error.isNotFound {
      return Indexed(nil, index: error.index)
    }
  }

  /// How many elements a page has. Agents before 1.3 give all of them whatever is asked.
  private static let pageSize = 500

  /// A list, page by page, put together. Its state is that of the first page, so that what waits for what is newer
  /// misses nothing.
  func pages<Value: Sendable>(
    _ request: Request, _ query: Query, _ value: (JSON) -> Value
  ) async throws -> Indexed<[Value]> {
    let sized = request.with("per_page", "\(Self.pageSize)")
    let first = try await read(sized, query) { Page(values: try $0.list().map(value), next: $0.nextPage) }
    var values = first.value.values
    var next = first.value.next
    var rest = query
    rest.index = nil
    while let token = next {
      let page = try await read(sized.with("next_token", token), rest) {
        Page(values: try $0.list().map(value), next: $0.nextPage)
      }.value
      values += page.values
      guard page.next != token else {
        throw NomadError("the agent gives the same page of \(request.path) a second time")
      }
      next = page.next
    }
    return first.map { _ in values }
  }

  /// Asks to do something, and gives the answer's object.
  func act(
    _ request: Request, in namespace: String?, settle: ((NomadError) async throws -> Answer?)? = nil
  ) async throws -> Answer {
    try await call(request.with("namespace", namespace ?? self.namespace), settle: settle)
  }
}

private struct Page<Value: Sendable>: Sendable {
  let values: [Value]
  let next: String?
}

extension Answer {
  /// How the next page is asked for; `nil` if this is the last one.
  fileprivate var nextPage: String? {
    headers.first(name: "X-Nomad-NextToken").flatMap { $0.isEmpty ? nil : $0 }
  }

  /// An answer that stands for one that was lost.
  static func standing(for json: JSON) -> Answer { Answer(status: 200, headers: [:], body: json.buffer) }

  /// The evaluation that an answer names.
  func evaluation() throws -> String? {
    let id = try object().text("EvalID")
    return id.isEmpty ? nil : id
  }
}
