import NIOCore
import NIOHTTP1
import Values
import Wire

extension Transport {
  private var server: String { access.server.description }

  /// What to say of a server that does not answer a request in time.
  func late(_ request: Request) -> KubernetesError {
    var error = KubernetesError(
      "\(server) did not answer within \(request.limit.map { "\($0.components.seconds) s" } ?? "its time")",
      help: "see whether the API server is overloaded or hangs", mayHaveBeenDone: true)
    error.isConnectionFailure = true
    return error
  }

  /// What to say where the credentials are refused, and there are no others.
  func unauthorized(_ refusal: KubernetesError) -> KubernetesError {
    var error = refusal
    let user = access.user
    error.message =
      user.name.isEmpty
      ? "\(server) wants to know who asks, and \(access.source) names no user"
      : "\(server) does not know the user \"\(user.name)\" of \(access.source): "
        + "the credentials are wrong, or have expired"
    if let plugin = user.plugin {
      error.help = "log in again with what \(plugin.command) belongs to"
    } else if let file = user.tokenFile {
      error.help = "renew the token in \(file)"
    } else {
      error.help = "get a new kubeconfig from the cluster's provider"
    }
    return error
  }

  /// What a server says when it refuses, or what something else says that is no API server.
  func refusal(
    of status: HTTPResponseStatus, headers: HTTPHeaders, body: ByteBuffer?, to request: Request
  ) -> KubernetesError {
    let code = Int(status.code)
    if (300..<400).contains(code) {
      return KubernetesError(
        status: code, "\(server) sends elsewhere, to \(headers.first(name: "Location") ?? "nowhere")",
        help: "this is not how an API server answers: check the address, and whether a proxy is in between")
    }
    // A server that breaks down may have done what it was asked for; so may one that something in between
    // speaks for.
    let mayHaveBeenDone = code >= 500 && request.method != .GET
    let wait = headers.first(name: "Retry-After").flatMap { Int64($0) }.flatMap {
      (0...86400).contains($0) ? Duration.seconds($0) : nil
    }
    if let body, let json = try? JSON(parsing: body), var error = KubernetesError(status: json, code: code) {
      error.retryAfter = wait ?? error.retryAfter
      error.mayHaveBeenDone = mayHaveBeenDone && !error.isOverload
      return error
    }
    let text = body.map { String(buffer: $0).trimmed } ?? ""
    let isShort = (1...300).contains(text.utf8.count) && !text.contains("<") && !text.contains("\n")
    var error = KubernetesError(
      status: code,
      "\(server) answers \(code) \(status.reasonPhrase)" + (isShort ? ": \(text)" : ", without saying why"),
      retryAfter: wait,
      help: code == 401 || code == 403
        ? nil : "check that an API server is there, and that no proxy in between refuses")
    error.mayHaveBeenDone = mayHaveBeenDone && !error.isOverload
    return error
  }

  /// What an error of the layers below means.
  func explaining(_ error: any Error) -> any Error {
    switch error {
    case is KubernetesError, is CancellationError: return error
    case let error as WireProblem: return KubernetesError(error)
    default: break
    }
    let explanation = ConnectionExplanation(
      server: access.server, proxy: access.proxy, source: access.source, program: "API server",
      start: "whether the cluster is running")
    guard let trouble = explanation.trouble(of: error) else { return CancellationError() }
    var explained = KubernetesError(
      trouble.message, help: trouble.help, mayHaveBeenDone: trouble.mayHaveBeenDone)
    explained.isConnectionFailure = trouble.isConnectionFailure
    return explained
  }
}

extension KubernetesError {
  /// What a `Status` of the server says; `nil` if it is none.
  init?(status json: JSON, code: Int? = nil) {
    guard json["kind"]?.string == "Status" else { return nil }
    let details = json["details"]
    let causes = (details?["causes"]?.array ?? []).map { cause in
      Cause(
        reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
        field: cause["field"]?.string ?? "")
    }
    let status = code ?? json["code"]?.int.map { Int(clamping: $0) }
    let reason = json["reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    let message = json["message"]?.string ?? ""
    let wait = details?["retryAfterSeconds"]?.int ?? 0
    self.init(
      status: status, reason: reason,
      message.isEmpty ? "the server refuses: \(reason ?? "it does not say why")" : message, causes: causes,
      retryAfter: (1...86400).contains(wait) ? .seconds(wait) : nil)
  }
}
