import Wire

/// Asks a server, and asks again where that helps and does no harm.
///
/// A request is asked again
/// - if the server has too much to do and did nothing (429, or 503 with a time to wait): after that time;
/// - if no connection came about: after a pause, for nothing was asked;
/// - if the answer was lost, or the server broke down (5xx): after a pause, if the request may be repeated.
///   Then what was asked for may have been done by the first one, which `settle` can tell from how the second
///   one is refused.
struct Requester: Sendable {
  let transport: Transport
  let policy: RetryPolicy

  /// Asks, and reads the whole answer.
  ///
  /// - Parameter settle: what a refusal means that follows a loss; it gives the answer if what was asked for
  ///   has been done by us, and `nil` if the refusal stands.
  func call(
    _ request: Request, settle: ((KubernetesError) async throws -> Answer?)? = nil
  ) async throws -> Answer {
    var isLost = false
    return try await again(request) {
      do {
        return try await transport.call(request)
      } catch let error as KubernetesError {
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
  ///
  /// - Parameter isWatch: whether the answer may keep silent for some minutes only.
  func stream(_ request: Request, isWatch: Bool = false) async throws -> ByteStream {
    try await again(request) { try await transport.stream(request, isWatch: isWatch) }
  }

  /// Asks for a connection of its own. It is asked once, for a server that breaks down does so before it
  /// agrees, and says why.
  func webSocket(_ request: Request, protocols: [String]) async throws -> WebSocket {
    var once = policy
    once.attempts = 1
    return try await Requester(transport: transport, policy: once).again(request) {
      try await transport.webSocket(request, protocols: protocols)
    }
  }

  private func again<Result>(_ request: Request, _ ask: () async throws -> Result) async throws -> Result {
    try await policy.again(
      isRepeatable: request.isRepeatable,
      overload: "the API server has had too much to do for minutes: see what asks it so often",
      failing: KubernetesError.self, ask)
  }
}
