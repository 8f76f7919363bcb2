import Values
import Wire

/// Calls that concern the server as a whole.
package struct ServerCalls: Sendable {
  let client: KubernetesClient

  /// The types of a group and version.
  ///
  /// `GET /apis/{group}/{version}`. Asked again after a loss.
  ///
  /// - Parameter apiVersion: such as `v1` or `apps/v1`.
  /// - Returns: `nil` if the server does not have it.
  package func types(of apiVersion: String) async throws -> [ServedType]? {
    let parts = apiVersion.split(separator: "/").map(String.init)
    let path = parts.count == 1 ? ["api"] + parts : ["apis"] + parts
    do {
      let json = try await client.requester.call(Request(.GET, path)).json()
      return ServedType.list(json, of: apiVersion)
    } catch let error as KubernetesError where error.isNotFound {
      return nil
    }
  }

  /// The groups, each with its versions, the preferred one first: `["apps": ["v1"]]`.
  ///
  /// `GET /apis`. Asked again after a loss.
  package func groups() async throws -> [String: [String]] {
    let json = try await client.requester.call(Request(.GET, ["apis"])).json()
    var groups: [String: [String]] = [:]
    for group in json["groups"]?.array ?? [] {
      guard let name = group["name"]?.string else { continue }
      let versions = (group["versions"]?.array ?? []).compactMap { $0["version"]?.string }
      let preferred = group.at("preferredVersion", "version")?.string
      groups[name] = versions.filter { $0 == preferred } + versions.filter { $0 != preferred }
    }
    return groups
  }

  /// Whether this user may do something.
  ///
  /// `POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews`. Asked again after a loss: the server
  /// keeps nothing of it.
  package func allows(_ question: AccessQuestion) async throws -> AccessAnswer {
    let request = Request(.POST, ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"])
      .with(question.json).repeatable()
    let json = try await client.requester.call(request).json()
    return AccessAnswer(
      isAllowed: json.at("status", "allowed")?.bool ?? false,
      reason: json.at("status", "reason")?.string ?? "")
  }

  /// What time the server has, to the second: by it are the times that are in objects.
  ///
  /// `GET /version`. Asked again after a loss.
  ///
  /// - Returns: `nil` if the server does not say.
  package func time() async throws -> ServerTime? {
    let answer = try await client.requester.call(Request(.GET, ["version"]))
    return answer.headers.first(name: "Date").flatMap { ServerTime(httpDate: $0) }
  }

  /// A document that is no object, such as `/openapi/v3` or `/readyz?verbose`.
  ///
  /// `GET`. Asked again after a loss.
  ///
  /// - Returns: `nil` if the server does not have it.
  package func document(at path: String) async throws -> [UInt8]? {
    var request = Request(.GET, []).with(header: "Accept", "application/json, */*")
    request.path = path
    do {
      return Array(try await client.requester.call(request).body.readableBytesView)
    } catch let error as KubernetesError where error.isNotFound {
      return nil
    }
  }
}
