import Wire

extension Transport {
  /// Asks for a connection of its own. The request's limit is for the time until the server agrees.
  ///
  /// - Parameter protocols: what may be spoken on it, the best first.
  /// - Throws: ``KubernetesError`` if the server refuses, can't be reached or does not answer in time;
  ///   `CancellationError`.
  func webSocket(_ request: Request, protocols: [String]) async throws -> WebSocket {
    try await asking(request) { [self] identity in
      let question = WebSocketRequest(
        server: access.server, serverName: access.trust.serverName, proxy: access.proxy,
        tls: try tls(for: identity), target: request.target, headers: headers(of: request, as: identity),
        protocols: protocols, limit: request.limit)
      return try await explained {
        do {
          return try await WebSocket.open(question)
        } catch let failure as WebSocketFailure {
          throw refusal(failure, of: protocols, to: request)
        }
      }
    }
  }

  private func refusal(
    _ failure: WebSocketFailure, of protocols: [String], to request: Request
  ) -> KubernetesError {
    switch failure {
    case .refused(let status, let headers, let body):
      refusal(of: status, headers: headers, body: body, to: request)
    case .wrongKey:
      KubernetesError(
        "the server agrees to a WebSocket that was not asked for",
        help: "check that no proxy in between answers")
    case .wrongProtocol:
      KubernetesError(
        "the server speaks none of \(protocols.joined(separator: ", ")) for commands in containers",
        help: "servers from Kubernetes 1.16 on do: check that no proxy in between answers")
    case .late: late(request)
    }
  }
}
