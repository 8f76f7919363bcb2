import UserFiles
import Wire

/// A role that is taken on by a token in a file, which another authority, such as a cluster, keeps current.
struct WebIdentity: CredentialSource {
  private let context: CredentialContext
  private let tokenFile: String?
  private let role: String?
  private let session: String?
  private let region: String?
  private let source: String

  /// The size of the largest token: 64 KiB.
  private static let maximumSize = 64 << 10

  /// The one that the environment names: `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`.
  init(_ context: CredentialContext, of settings: AWSSettings) {
    self.init(
      context, tokenFile: settings.variable("AWS_WEB_IDENTITY_TOKEN_FILE"),
      role: settings.variable("AWS_ROLE_ARN"),
      session: settings.variable("AWS_ROLE_SESSION_NAME"), region: nil, source: "the environment")
  }

  init(
    _ context: CredentialContext, tokenFile: String?, role: String?, session: String?, region: String?,
    source: String
  ) {
    self.context = context
    self.tokenFile = tokenFile
    self.role = role
    self.session = session
    self.region = region
    self.source = source
  }

  func credentials() async throws -> AWSCredentials? {
    guard tokenFile != nil, role != nil else { return nil }
    return try await assumed()
  }

  /// The credentials of the role.
  func assumed() async throws -> AWSCredentials {
    guard let tokenFile, let role else { throw AWSError("no role is named for a web identity") }
    let token: String
    do throws(UserFileError) {
      token =
        String(decoding: try UserFile.bytes(of: tokenFile, atMost: Self.maximumSize), as: UTF8.self).trimmed
    } catch {
      throw AWSError("the token of \(source) can't be read: \(error.message)", help: error.help)
    }
    return try await SecurityTokens(context, region: region).assume(
      role, session: session, token: token, for: source)
  }
}
