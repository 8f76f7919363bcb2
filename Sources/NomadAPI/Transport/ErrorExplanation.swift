import NIOCore
import NIOHTTP1
import Values
import Wire

extension Transport {
  private var server: String { access.server.description }

  /// What to say of an agent that does not answer a request in time.
  func late(_ request: Request) -> NomadError {
    var error = NomadError(
      "\(server) did not answer within \(request.limit.map { "\($0.components.seconds) s" } ?? "its time")",
      help: "see whether the Nomad agent is overloaded or hangs", mayHaveBeenDone: true)
    error.isConnectionFailure = true
    return error
  }

  /// What an agent says when it refuses, or what something else says that is no agent.
  func refusal(
    of status: HTTPResponseStatus, headers: HTTPHeaders, body: ByteBuffer?, to request: Request
  ) -> NomadError {
    let text = body.map { String(buffer: $0).trimmed } ?? ""
    let answer = AgentRefusal(
      status: Int(status.code), reasonPhrase: status.reasonPhrase, text: text,
      wait: headers.first(name: "Retry-After").flatMap { Int64($0) },
      location: headers.first(name: "Location"), isReading: request.method == .GET)
    var error = answer.error(of: access)
    error.index = headers.first(name: "X-Nomad-Index").flatMap { UInt64($0) } ?? 0
    return error
  }

  /// Why a connection of its own did not come about.
  func refusal(_ failure: WebSocketFailure, to request: Request) -> NomadError {
    switch failure {
    case .refused(let status, let headers, let body):
      refusal(of: status, headers: headers, body: body, to: request)
    case .wrongKey, .wrongProtocol:
      NomadError(
        "\(server) agrees to a WebSocket that was not asked for",
        help: "check that no proxy in between answers")
    case .late: late(request)
    }
  }

  /// What an error of the layers below means.
  func explaining(_ error: any Error) -> any Error {
    switch error {
    case is NomadError, is CancellationError: return error
    case let error as WireProblem: return NomadError(error)
    default: break
    }
    let explanation = ConnectionExplanation(
      server: access.server, proxy: access.proxy, source: access.source, program: "Nomad agent",
      start: "whether a Nomad agent is running")
    guard let trouble = explanation.trouble(of: error) else { return CancellationError() }
    var explained = NomadError(trouble.message, help: trouble.help, mayHaveBeenDone: trouble.mayHaveBeenDone)
    explained.isConnectionFailure = trouble.isConnectionFailure
    return explained
  }
}
