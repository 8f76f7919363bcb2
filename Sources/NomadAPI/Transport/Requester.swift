import Values
import Wire

/// Asks an agent, and asks again where that helps and does no harm: see ``RetryPolicy/again(isRepeatable:overload:failing:_:)``.
struct Requester: Sendable {
  let transport: Transport
  let policy: RetryPolicy

  /// The namespace that is meant where none is named.
  var namespace: String { transport.access.namespace }

  /// Asks, and reads the whole answer.
  ///
  /// - Parameter settle: what a refusal means that follows a loss; it gives the answer if what was asked for has been
  ///   done by us, and `nil` if the refusal stands.
  func call(
    _ request: Request, isBlocking: Bool = false, settle: ((NomadError) async throws -> Answer?)? = nil
  ) async throws -> Answer {
    var isLost = false
    return try await again(request) {
      do {
        return try await transport.call(request, isBlocking: isBlocking)
      } catch let error as NomadError {
        guard isLost, !error.mayPass else {
          isLost = isLost || error.mayHaveBeenDone
          throw error
        }
        if let answer = try await settle?(error) { return answer }
        // Another writer may have changed since what the lost one did.
        var refusal = error
        refusal.mayHaveBeenDone = request.method != .GET
        throw refusal
      }
    }
  }

  /// Asks, and leaves the answer's body to be read piece by piece.
  func stream(_ request: Request) async throws -> ByteStream {
    try await again(request) { try await transport.stream(request) }
  }

  /// Asks for a connection of its own, once.
  func webSocket(_ request: Request) async throws -> WebSocket { try await transport.webSocket(request) }

  private func again<Result>(_ request: Request, _ ask: () async throws -> Result) async throws -> Result {
    try await policy.again(
      isRepeatable: request.isRepeatable,
      overload: "the agent has refused for minutes for too many requests: see what asks it so often",
      failing: NomadError.self, ask)
  }
}
