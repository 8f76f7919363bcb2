import Values
import Wire

/// Roles, taken on by the service that gives out credentials for a limited time (STS).
struct SecurityTokens: Sendable {
  private let context: CredentialContext
  private let region: String?

  private static let version = "2011-06-15"

  init(_ context: CredentialContext, region: String?) {
    self.context = context
    self.region = region
  }

  /// Takes on a role.
  ///
  /// - Parameters:
  ///   - session: what the session is called; a name of berth's by default.
  ///   - seconds: how long the credentials are to hold; an hour by default.
  ///   - source: what signs the request.
  ///   - owner: whose role it is, for messages.
  func assume(
    _ role: String, session: String?, externalID: String?, seconds: Int?, with source: AWSCredentials,
    for owner: String
  ) async throws -> AWSCredentials {
    var fields = [
      ("RoleArn", role), ("RoleSessionName", session ?? Self.session(context.now())),
      ("DurationSeconds", "\(seconds ?? 3600)"),
    ]
    if let externalID { fields.append(("ExternalId", externalID)) }
    let supply = CredentialSupply([Fixed(source)], now: context.now)
    return try await ask("AssumeRole", fields, role, supply, owner)
  }

  /// Takes on a role by a token that another authority gave.
  func assume(
    _ role: String, session: String?, token: String, for owner: String
  ) async throws -> AWSCredentials {
    let fields = [
      ("RoleArn", role), ("RoleSessionName", session ?? Self.session(context.now())),
      ("WebIdentityToken", token),
    ]
    return try await ask("AssumeRoleWithWebIdentity", fields, role, nil, owner)
  }

  private static func session(_ now: Int64) -> String { "berth-\(now)" }

  private struct Fixed: CredentialSource {
    let given: AWSCredentials
    init(_ given: AWSCredentials) { self.given = given }
    func credentials() async throws -> AWSCredentials? { given }
  }

  private func ask(
    _ action: String, _ fields: [(String, String)], _ role: String, _ supply: CredentialSupply?,
    _ owner: String
  ) async throws -> AWSCredentials {
    let settings = context.settings
    let region = region ?? context.region ?? settings.region(of: nil) ?? "us-east-1"
    let server =
      try settings.endpoint(of: "sts").map { try AWSRegion.address($0, "the endpoint of STS") }
      ?? AWSRegion.endpoint(of: "sts", in: region)
    let client = AWSClient(
      "sts", at: server, region: region, credentials: supply, door: context.door, now: context.now)
    do {
      let answer = try await client.call(
        .form(action, version: Self.version, fields.map { (name: $0.0, value: $0.1) }, isRepeatable: true))
      let given = try answer.xml()["\(action)Result"]?["Credentials"]
      guard let key = given?["AccessKeyId"]?.text, let secret = given?["SecretAccessKey"]?.text,
        let token = given?["SessionToken"]?.text,
        let end = given?["Expiration"].flatMap({ ServerTime($0.text) })
      else { throw AWSError("STS answers without credentials", help: "check the endpoint of STS") }
      return AWSCredentials(
        accessKey: key, secretKey: secret, sessionToken: token, expiration: end,
        source: "\(owner), in the role \(role)")
    } catch var error as AWSError {
      error.message = "the role \(role) of \(owner) can't be taken on: \(error.message)"
      throw error
    }
  }
}
