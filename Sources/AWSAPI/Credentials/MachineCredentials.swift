import NIOHTTP1
import Wire

/// The credentials of a machine's role, from its metadata (version 2 alone, which a request that was led astray can't ask).
package struct MachineCredentials: CredentialSource {
  private let context: CredentialContext

  /// Elsewhere than on EC2 nothing answers there.
  private static let patience = Duration.seconds(1)
  private static let roles = "/latest/meta-data/iam/security-credentials/"

  package init(_ context: CredentialContext) { self.context = context }

  private var isSwitchedOff: Bool {
    context.settings.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true"
  }

  private func server() throws -> ServerAddress {
    try AWSRegion.address(
      context.settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254",
      "the endpoint of the machine's metadata")
  }

  func credentials() async throws -> AWSCredentials? {
    guard !isSwitchedOff, let token = try await token() else { return nil }
    guard let names = try await ask(Self.roles, token),
      let role = names.split(whereSeparator: \.isNewline).first
    else { return nil }
    let server = try server()
    let answer = try await context.door.ask(
      server, .GET, server.path + Self.roles + AWSText.encoded(String(role)), headers: Self.headers(token),
      within: .seconds(5),
      isDirect: true)
    guard answer.status == 200 else {
      throw AWSError(
        status: answer.status,
        "the machine's role \(role) gives no credentials: its metadata answer \(answer.status)")
    }
    return try .read(
      try answer.json("the machine's metadata"), tokenKey: "Token", source: "the machine's role \(role)")
  }

  /// The region that the machine is in; `nil` if it is none of EC2's.
  package func region() async throws -> String? {
    guard !isSwitchedOff, let token = try await token() else { return nil }
    return try await ask("/latest/meta-data/placement/region", token)
  }

  /// A token to ask by; `nil` where nothing answers.
  private func token() async throws -> String? {
    let server = try server()
    let answer: Answer
    do {
      answer = try await context.door.ask(
        server, .PUT, server.path + "/latest/api/token",
        headers: [("X-aws-ec2-metadata-token-ttl-seconds", "21600")], body: [], within: Self.patience,
        isDirect: true)
    } catch is AWSError { return nil }
    guard answer.status == 200 else { return nil }
    let token = String(buffer: answer.body).trimmed
    return token.isEmpty ? nil : token
  }

  private func ask(_ path: String, _ token: String) async throws -> String? {
    let server = try server()
    let answer = try await context.door.ask(
      server, .GET, server.path + path, headers: Self.headers(token), within: .seconds(5), isDirect: true)
    return answer.status == 200 ? String(buffer: answer.body).trimmed : nil
  }

  private static func headers(_ token: String) -> [(name: String, value: String)] {
    [("X-aws-ec2-metadata-token", token)]
  }
}
