import NIOHTTP1
import Values
import Wire

/// Calls that concern variables, which servers have from 1.4 on. Each throws ``NomadError`` with
/// ``NomadError/isUnsupported`` if the server has none.
package struct VariableCalls: Sendable {
  let requester: Requester

  /// How much all keys and values of a variable may have, in bytes. `nomad/structs/variables.go`.
  package static let maximumSize = 64 << 10

  /// Whether the server has variables.
  ///
  /// `GET /v1/vars`. Asked again after a loss.
  package func areAvailable() async throws -> Bool {
    do {
      let request = Request(.GET, ["v1", "vars"]).with("prefix", "nomad/jobs/-").with("per_page", "1")
      _ = try await requester.act(request, in: nil)
      return true
    } catch let error as NomadError where error.isUnsupported {
      return false
    } catch let error as NomadError where error.isForbidden {
      return true
    }
  }

  /// A variable; `nil` if there is none.
  ///
  /// `GET /v1/var/{path}`. Asked again after a loss.
  package func read(_ path: String, _ query: Query = Query()) async throws -> Indexed<Variable?> {
    try await requester.find(try request(.GET, path), query) { Variable($0) }
  }

  /// The variables that the token may list, without their items.
  ///
  /// `GET /v1/vars`, page by page. Asked again after a loss.
  ///
  /// - Parameter prefix: with what their paths begin.
  package func list(prefix: String = "", _ query: Query = Query()) async throws -> Indexed<[VariableStub]> {
    let request = Request(.GET, ["v1", "vars"]).with("prefix", prefix)
    return try await requester.pages(request, query) { VariableStub($0) }
  }

  /// Writes a variable.
  ///
  /// `PUT /v1/var/{path}?cas=…`. Asked again after a loss: writing the same twice is writing it once. With a check, the
  /// second one is refused if the first was done; then what is there is read, and if it has these items, the call succeeds.
  /// So what is written to take a lock must differ between those who want it, and between one time and the next.
  ///
  /// - Parameters:
  ///   - items: texts under keys; at least one, and at most ``maximumSize`` together.
  ///   - check: what must be so.
  /// - Returns: the variable as it is now.
  /// - Throws: ``NomadError``; with ``NomadError/isConflict`` if the check does not hold, with ``NomadError/isInvalid`` if the
  ///   path or the items break a rule of the server.
  package func write(
    _ path: String, _ items: [String: String], check: VariableCheck, in namespace: String? = nil
  ) async throws -> Variable {
    let body: JSON = [
      "Namespace": .string(namespace ?? requester.namespace), "Path": .string(path),
      "Items": .object(items.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }),
    ]
    let request = try request(.PUT, path).with("cas", check.index.map { "\($0)" }).with(body).repeatable()
    var settled: Variable?
    let answer = try await requester.act(request, in: namespace) { refusal in
      guard refusal.isConflict else { return nil }
      guard let found = try await read(path, .in(namespace)).value, found.items == items else { return nil }
      settled = found
      return .standing(for: [:])
    }
    return try settled ?? Variable(try answer.object())
  }

  /// Deletes a variable. One that is not there is none to be deleted, and that is fine unless the check names its index.
  ///
  /// `DELETE /v1/var/{path}?cas=…`. Asked again after a loss; if it is gone then, the call succeeds.
  ///
  /// - Throws: ``NomadError``; with ``NomadError/isConflict`` if the check does not hold.
  package func delete(_ path: String, check: VariableCheck, in namespace: String? = nil) async throws {
    let request = try request(.DELETE, path).with("cas", check.index.map { "\($0)" }).repeatable()
    do {
      _ = try await requester.act(request, in: namespace) { _ in
        try await read(path, .in(namespace)).value == nil ? .standing(for: [:]) : nil
      }
    } catch let error as NomadError where error.isNotFound && check == .none {}
  }

  private func request(_ method: HTTPMethod, _ path: String) throws -> Request {
    try Request.of(method, ["v1", "var"], path, "the variable")
  }
}
