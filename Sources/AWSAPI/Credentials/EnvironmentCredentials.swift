import Values

/// The keys of the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialSource {
  private let settings: AWSSettings

  init(_ context: CredentialContext) { settings = context.settings }

  func credentials() async throws -> AWSCredentials? {
    guard let key = settings.variable("AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = settings.variable("AWS_SECRET_ACCESS_KEY") else {
      throw AWSError(
        "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY", help: "set both, or none of them")
    }
    return AWSCredentials(
      accessKey: key, secretKey: secret, sessionToken: settings.variable("AWS_SESSION_TOKEN"),
      expiration: settings.variable("AWS_CREDENTIAL_EXPIRATION").flatMap { ServerTime($0) },
      source: "the environment")
  }
}
