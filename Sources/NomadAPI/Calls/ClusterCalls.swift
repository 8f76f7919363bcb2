import Values
import Wire

/// Calls that concern the cluster as a whole.
package struct ClusterCalls: Sendable {
  let requester: Requester

  /// How long an agent may take to show that it is there.
  private static let patience = Duration.seconds(30)

  /// What the agent says of itself. A token needs `agent:read`.
  ///
  /// `GET /v1/agent/self`. Asked again after a loss.
  package func agent() async throws -> AgentInfo {
    let json = try await requester.call(Request(.GET, ["v1", "agent", "self"]).within(Self.patience)).object()
    guard let info = AgentInfo(json) else {
      throw NomadError(
        "\(requester.transport.access.server) answers, but it is no Nomad agent",
        help: "check the address of \(requester.transport.access.source): another program listens there")
    }
    return info
  }

  /// The regions. No token is needed.
  ///
  /// `GET /v1/regions`. Asked again after a loss.
  package func regions() async throws -> [String] {
    try await requester.call(Request(.GET, ["v1", "regions"])).list().compactMap(\.string)
  }

  /// The address of the server that leads. No token is needed.
  ///
  /// `GET /v1/status/leader`. Asked again after a loss.
  package func leader() async throws -> String {
    guard let leader = try await requester.call(Request(.GET, ["v1", "status", "leader"])).json().string
    else {
      throw NomadError(
        "\(requester.transport.access.server) answers, but it is no Nomad agent",
        help: "check the address of \(requester.transport.access.source): another program listens there")
    }
    return leader
  }

  /// The namespaces that the token may do something in.
  ///
  /// `GET /v1/namespaces`. Asked again after a loss.
  package func namespaces() async throws -> [NamespaceInfo] {
    try await requester.pages(Request(.GET, ["v1", "namespaces"]), Query()) { NamespaceInfo($0) }.value
  }

  /// As whom requests are sent.
  ///
  /// `GET /v1/acl/token/self`. Asked again after a loss.
  ///
  /// - Throws: ``NomadError``; with ``NomadError/isForbidden`` if the cluster does not know the token.
  package func token() async throws -> TokenAnswer {
    do {
      let json = try await requester.call(Request(.GET, ["v1", "acl", "token", "self"])).object()
      let info = TokenInfo(json)
      // Newer servers tell of the token that stands for none.
      return info.accessor == "anonymous" ? .anonymous : .token(info)
    } catch let error as NomadError {
      if error.status == 400, error.message.contains("ACL support disabled") { return .aclDisabled }
      if error.isForbidden, requester.transport.access.token == nil { return .anonymous }
      throw error
    }
  }

  /// A policy, if the token has it or may manage policies; `nil` if there is none.
  ///
  /// `GET /v1/acl/policy/{name}`. Asked again after a loss.
  package func policy(_ name: String) async throws -> PolicyInfo? {
    let request = try Request.of(.GET, ["v1", "acl", "policy"], name, "the policy")
    return try await requester.find(request, Query()) { PolicyInfo($0) }.value
  }

  /// What time the agent has, to the second. No token is needed.
  ///
  /// `GET /v1/status/leader`. Asked again after a loss.
  ///
  /// - Returns: `nil` if it does not say.
  package func time() async throws -> ServerTime? {
    let answer = try await requester.call(Request(.GET, ["v1", "status", "leader"]))
    return answer.headers.first(name: "Date").flatMap { ServerTime(httpDate: $0) }
  }
}
