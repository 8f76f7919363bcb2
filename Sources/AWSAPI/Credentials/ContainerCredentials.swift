import UserFiles
import Wire

/// The credentials of a container's task or pod: the environment says where they are.
struct ContainerCredentials: CredentialSource {
  private let context: CredentialContext

  /// Where ECS has them, and EKS; anything else without TLS has to be this machine.
  private static let neighbours: Set<String> = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"]
  private static let maximumSize = 64 << 10

  init(_ context: CredentialContext) { self.context = context }

  func credentials() async throws -> AWSCredentials? {
    let settings = context.settings
    let text: String
    if let path = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      text = "http://169.254.170.2\(path)"
    } else if let whole = settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      text = whole
    } else {
      return nil
    }
    // A query stands behind the path as it is.
    let parts = text.split(separator: "?", maxSplits: 1).map(String.init)
    let server = try AWSRegion.address(parts.first ?? text, "the address of the container's credentials")
    guard server.scheme == .https || server.isOfThisMachine || Self.neighbours.contains(server.host) else {
      throw AWSError(
        "the container's credentials are asked for at \(server), which is neither this machine nor protected by TLS",
        help: "correct AWS_CONTAINER_CREDENTIALS_FULL_URI")
    }
    var headers: [(name: String, value: String)] = []
    if let token = try token() { headers.append(("Authorization", token)) }
    let target = (server.path.isEmpty ? "/" : server.path) + (parts.count > 1 ? "?\(parts[1])" : "")
    let answer = try await context.door.ask(
      server, .GET, target, headers: headers, within: .seconds(5), isDirect: server.scheme == .http)
    guard answer.status == 200 else {
      throw AWSError(
        status: answer.status, "the container's credentials can't be had: \(server) answers \(answer.status)",
        help: "see whether the task or the pod has a role")
    }
    return try .read(
      try answer.json("what gives the container's credentials"), tokenKey: "Token", source: "the container")
  }

  private func token() throws -> String? {
    guard let file = context.settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
      return context.settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    do throws(UserFileError) {
      return String(decoding: try UserFile.bytes(of: file, atMost: Self.maximumSize), as: UTF8.self).trimmed
    } catch {
      throw AWSError(
        "the token for the container's credentials can't be read: \(error.message)", help: error.help)
    }
  }
}
