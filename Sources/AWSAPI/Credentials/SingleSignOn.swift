import Crypto
import UserFiles
import Values
import Wire

/// A role by single sign-on: the token that `aws sso login` left in its cache gets credentials for a limited time.
struct SingleSignOn: Sendable {
  private let context: CredentialContext
  private let name: String
  private let profile: [String: String]

  private static let maximumSize = 1 << 20

  init(_ context: CredentialContext, profile name: String, _ profile: [String: String]) {
    self.context = context
    self.name = name
    self.profile = profile
  }

  func credentials() async throws -> AWSCredentials {
    var stated = profile
    // What a session says, profiles share; its token is found by its name, and else by the address.
    if let session = profile["sso_session"] {
      guard let shared = context.settings.session(session) else {
        throw AWSError(
          "the profile \"\(name)\" names the sso-session \"\(session)\", which \(context.settings.config.path) does not have",
          help: "add a section [sso-session \(session)]")
      }
      stated.merge(shared) { $1 }
    }
    guard let account = stated["sso_account_id"], let role = stated["sso_role_name"],
      let region = stated["sso_region"],
      let start = stated["sso_start_url"]
    else {
      throw AWSError(
        "the profile \"\(name)\" says too little of single sign-on",
        help: "it needs sso_account_id, sso_role_name, sso_region and sso_start_url")
    }
    let token = try token(key: profile["sso_session"] ?? start)
    let server =
      try context.settings.endpoint(of: "sso").map {
        try AWSRegion.address($0, "the endpoint of single sign-on")
      }
      ?? AWSRegion.endpoint(of: "portal.sso", in: region)
    let client = AWSClient(
      "sso", at: server, region: region, credentials: nil, door: context.door, now: context.now)
    let request = AWSRequest(
      .GET, "/federation/credentials", query: [("role_name", role), ("account_id", account)],
      headers: [("x-amz-sso_bearer_token", token)])
    do {
      let given = try await client.call(request).json("single sign-on")["roleCredentials"]
      guard let key = given?["accessKeyId"]?.string, let secret = given?["secretAccessKey"]?.string else {
        throw AWSError("single sign-on answers without credentials", help: "check sso_region")
      }
      return AWSCredentials(
        accessKey: key, secretKey: secret, sessionToken: given?["sessionToken"]?.string,
        expiration: given?["expiration"]?.int.map { ServerTime(seconds: $0 / 1000) },
        source: "the profile \"\(name)\", by single sign-on")
    } catch var error as AWSError {
      error.message = "single sign-on for the profile \"\(name)\" failed: \(error.message)"
      if error.status == 401 { error.help = login }
      throw error
    }
  }

  private var login: String { "log in: aws sso login --profile \(name)" }

  /// The token of the cache.
  private func token(key: String) throws -> String {
    let digest = Hex.lower(Insecure.SHA1.hash(data: Array(key.utf8)))
    let path = "\(context.settings.environment["HOME"] ?? "")/.aws/sso/cache/\(digest).json"
    let cached: JSON
    do {
      cached = try JSON(parsing: UserFile.bytes(of: path, atMost: Self.maximumSize))
    } catch let error as UserFileError where error.isMissing {
      throw AWSError("the profile \"\(name)\" is not logged in: \(path) is not there", help: login)
    } catch let error as UserFileError {
      throw AWSError("the token of the profile \"\(name)\" can't be read: \(error.message)", help: error.help)
    } catch {
      throw AWSError("the token of the profile \"\(name)\" can't be read: \(path) is not JSON", help: login)
    }
    guard let token = cached["accessToken"]?.string, let text = cached["expiresAt"]?.string,
      let end = ServerTime(text.replacing("UTC", with: "Z"))
    else { throw AWSError("the token of the profile \"\(name)\" in \(path) makes no sense", help: login) }
    guard end.seconds > context.now() else {
      throw AWSError("the login of the profile \"\(name)\" ended at \(end)", help: login)
    }
    return token
  }
}
