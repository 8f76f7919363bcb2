import AWSTestSupport
import Crypto
import Foundation
import Synchronization
import Testing
import Values

@testable import AWSAPI

/// Credentials, found as AWS's own tools find them.
@Suite struct CredentialTests {
  private static let now: Int64 = 1_800_000_000
  private static let end = "\(ServerTime(seconds: now + 3600))"

  private func supply(
    _ home: Home, _ more: [String: String] = [:], profile: String? = nil,
    programs: AWSAPI.ProgramPermission = .granted
  ) throws -> CredentialSupply {
    let environment = home.environment.merging(more) { $1 }
    let settings = try AWSSettings(environment: environment)
    let context = CredentialContext(
      settings: settings, door: try WebDoor(environment: environment), region: "eu-central-1",
      programs: programs,
      now: { Self.now })
    return CredentialSupply(context, profile: profile)
  }

  private static func assumed(_ action: String, key: String) -> String {
    """
    <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result><Credentials>
    <AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
    <Expiration>\(end)</Expiration></Credentials></\(action)Result></\(action)Response>
    """
  }

  @Test("The environment counts before the default profile, and not before a named one")
  func theEnvironmentCountsFirst() async throws {
    let home = try Home(credentials: "[default]\naws_access_key_id=FILE\naws_secret_access_key=s\n")
    let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"]
    let found = try await supply(home, keys).current()
    #expect(found.accessKey == "ENV" && found.sessionToken == "t" && found.expiration == nil)
    #expect(try await supply(home).current().accessKey == "FILE")
    #expect(try await supply(home, keys, profile: "default").current().accessKey == "FILE")
    await #expect(throws: AWSError.self) { try await supply(home, ["AWS_ACCESS_KEY_ID": "ENV"]).current() }
  }

  @Test("Where there are none, the error says where they were looked for") func whereThereAreNone()
    async throws
  {
    let error = await #expect(throws: AWSError.self) { try await supply(try Home()).current() }
    #expect(error?.message.contains("no credentials") == true)
    let other = await #expect(throws: AWSError.self) {
      try await supply(try Home(), profile: "prod").current()
    }
    #expect(other?.message.contains("no profile \"prod\"") == true)
  }

  @Test("A role is taken on by the keys of another profile") func aRoleIsTakenOn() async throws {
    let server = try await LoopbackServer.start { _ in .init(200, Self.assumed("AssumeRole", key: "ROLE")) }
    let home = try Home(
      config: """
        [profile prod]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = base
        external_id = x
        duration_seconds = 900
        [profile chained]
        role_arn = arn:aws:iam::123456789012:role/other
        source_profile = prod
        """, credentials: "[base]\naws_access_key_id=BASE\naws_secret_access_key=planted\n")
    let sts = ["AWS_ENDPOINT_URL_STS": server.address]
    let found = try await supply(home, sts, profile: "prod").current()
    #expect(
      found.accessKey == "ROLE" && found.sessionToken == "t" && found.expiration?.seconds == Self.now + 3600)
    let question = try #require(server.questions.first)
    for part in ["Action=AssumeRole", "deploy", "ExternalId=x", "DurationSeconds=900"] {
      #expect(question.text.contains(part), "\(question.text)")
    }
    #expect(question.headers["Authorization"].first?.contains("Credential=BASE/") == true)
    // A role by a role: two requests, the second signed by the first's answer.
    _ = try await supply(home, sts, profile: "chained").current()
    #expect(server.questions.count == 3)
    #expect(server.questions[2].headers["Authorization"].first?.contains("Credential=ROLE/") == true)
    await server.stop()
  }

  @Test(
    "Profiles that make no sense are told",
    arguments: [
      ("role_arn=r\nsource_profile=prod", "no credentials|secret"),
      ("role_arn=r", "nothing to be taken on with"),
      ("role_arn=r\nsource_profile=gone", "no profile \"gone\""),
      ("role_arn=r\nmfa_serial=m\nsource_profile=b", "code of a device"),
      ("role_arn=r\ncredential_source=Moon", "which there is not"), ("aws_access_key_id=A", "no secret"),
      ("role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=prod", "circle"),
      ("sso_session=gone", "does not have"), ("sso_start_url=u", "says too little"),
    ]) func profilesThatMakeNoSense(text: String, message: String) async throws
  {
    let home = try Home(config: "[profile prod]\n\(text)\n")
    let error = await #expect(throws: AWSError.self) { try await supply(home, profile: "prod").current() }
    let parts = message.split(separator: "|")
    #expect(parts.contains { error?.message.contains($0) == true }, "\(error?.message ?? "")")
  }

  @Test("A web identity gets a role without a signature") func aWebIdentity() async throws {
    let server = try await LoopbackServer.start { _ in
      .init(200, Self.assumed("AssumeRoleWithWebIdentity", key: "WEB"))
    }
    let home = try Home()
    let token = try home.write("token", "planted-token\n")
    let found = try await supply(
      home,
      [
        "AWS_ENDPOINT_URL_STS": server.address, "AWS_WEB_IDENTITY_TOKEN_FILE": token,
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod",
      ]
    ).current()
    #expect(found.accessKey == "WEB")
    #expect(server.questions.first?.headers["Authorization"].isEmpty == true)
    #expect(server.questions.first?.text.contains("WebIdentityToken=planted-token&") == false)
    #expect(server.questions.first?.text.hasSuffix("WebIdentityToken=planted-token") == true)
    await server.stop()
  }

  @Test("Single sign-on has the token of its cache") func singleSignOn() async throws {
    let body =
      #"{"roleCredentials": {"accessKeyId": "SSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": 1800003600000}}"#
    let server = try await LoopbackServer.start { question in
      question.headers["x-amz-sso_bearer_token"] == ["good"]
        ? .init(200, body) : .init(401, "{\"message\": \"no\"}")
    }
    let home = try Home(
      config: """
        [profile prod]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = deploy
        [sso-session corp]
        sso_region = eu-west-1
        sso_start_url = https://corp.example.com/start
        """)
    let sso = ["AWS_ENDPOINT_URL_SSO": server.address]
    let login = await #expect(throws: AWSError.self) {
      try await supply(home, sso, profile: "prod").current()
    }
    #expect(login?.help == "log in: aws sso login --profile prod")
    let digest = Hex.lower(Insecure.SHA1.hash(data: Array("corp".utf8)))
    func cache(_ token: String, _ end: Int64) throws {
      try home.write(
        ".aws/sso/cache/\(digest).json",
        "{\"accessToken\": \"\(token)\", \"expiresAt\": \"\(ServerTime(seconds: end))\"}")
    }
    try cache("good", Self.now + 60)
    let found = try await supply(home, sso, profile: "prod").current()
    #expect(found.accessKey == "SSO" && found.expiration?.seconds == Self.now + 3600)
    #expect(
      server.questions.last?.target == "/federation/credentials?role_name=deploy&account_id=123456789012")
    try cache("good", Self.now - 60)
    let over = await #expect(throws: AWSError.self) { try await supply(home, sso, profile: "prod").current() }
    #expect(over?.message.contains("ended at") == true)
    try cache("bad", Self.now + 60)
    let refused = await #expect(throws: AWSError.self) {
      try await supply(home, sso, profile: "prod").current()
    }
    #expect(
      refused?.help == "log in: aws sso login --profile prod" && refused?.message.contains("bad") == false)
    await server.stop()
  }

  @Test("A container's credentials are asked of this machine or its neighbours alone") func aContainer()
    async throws
  {
    let body = #"{"AccessKeyId": "TASK", "SecretAccessKey": "s", "Token": "t", "Expiration": "\#(Self.end)"}"#
    let server = try await LoopbackServer.start { question in
      question.headers["Authorization"] == ["planted"] ? .init(200, body) : .init(403)
    }
    let home = try Home()
    let whole = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.address + "/v2/credentials?id=1"]
    let found = try await supply(home, whole.merging(["AWS_CONTAINER_AUTHORIZATION_TOKEN": "planted"]) { $1 })
      .current()
    #expect(found.accessKey == "TASK" && server.questions.last?.target == "/v2/credentials?id=1")
    let error = await #expect(throws: AWSError.self) { try await supply(home, whole).current() }
    #expect(error?.status == 403)
    for elsewhere in ["http://build.example.com/c", "http://10.0.0.1/c"] {
      let error = await #expect(throws: AWSError.self) {
        try await supply(home, ["AWS_CONTAINER_CREDENTIALS_FULL_URI": elsewhere]).current()
      }
      #expect(error?.message.contains("neither this machine") == true)
    }
    await server.stop()
  }

  @Test("A machine's metadata are asked by version 2 alone") func aMachine() async throws {
    let body =
      #"{"Code": "Success", "AccessKeyId": "EC2", "SecretAccessKey": "s", "Token": "t", "Expiration": "\#(Self.end)"}"#
    let server = try await LoopbackServer.start { question in
      if question.path == "/latest/api/token" {
        return question.method == "PUT"
          && question.headers["X-aws-ec2-metadata-token-ttl-seconds"] == ["21600"]
          ? .init(200, "tok") : .init(405)
      }
      guard question.headers["X-aws-ec2-metadata-token"] == ["tok"] else { return .init(401) }
      return switch question.path {
      case "/latest/meta-data/iam/security-credentials/": .init(200, "worker")
      case "/latest/meta-data/iam/security-credentials/worker": .init(200, body)
      case "/latest/meta-data/placement/region": .init(200, "eu-north-1")
      default: .init(404)
      }
    }
    let home = try Home()
    let here = ["AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.address]
    #expect(try await supply(home, here).current().accessKey == "EC2")
    let environment = home.environment.merging(here) { $1 }
    let context = CredentialContext(
      settings: try AWSSettings(environment: environment), door: try WebDoor(environment: environment),
      region: nil,
      programs: .granted)
    #expect(try await MachineCredentials(context).region() == "eu-north-1")
    await server.stop()
  }

  @Test("A program runs where the configuration is given, and nowhere else") func aProgram() async throws {
    let home = try Home()
    let answer = #"{"Version": 1, "AccessKeyId": "PROG", "SecretAccessKey": "s", "SessionToken": "t"}"#
    let program = try home.write("give it", "#!/bin/sh\ntouch \"$HOME/ran\"\necho '\(answer)'\n")
    chmod(program, 0o755)
    try home.write(".aws/config", "[profile prod]\ncredential_process = \"\(program)\" --json\n")
    let refused = try supply(home, profile: "prod", programs: .refused(because: "a configuration was found"))
    let error = await #expect(throws: AWSError.self) { try await refused.current() }
    #expect(error?.message.contains("a configuration was found") == true)
    #expect(!FileManager.default.fileExists(atPath: home.folder + "/ran"))
    #expect(try await supply(home, profile: "prod").current().accessKey == "PROG")
    try home.write(".aws/config", "[profile prod]\ncredential_process = /bin/false\n")
    await #expect(throws: AWSError.self) { try await supply(home, profile: "prod").current() }
  }

  @Test(
    "A command is taken apart at its blanks and quotes",
    arguments: [
      ("a b", ["a", "b"]), ("'a b' c", ["a b", "c"]), ("\"a 'b'\"  c ", ["a 'b'", "c"]),
      (#"a\ b c"#, ["a b", "c"]),
      ("a ''", ["a", ""]), ("", []),
    ]) func aCommandIsTakenApart(command: String, words: [String]) throws
  {
    #expect(try CredentialProgram.words(of: command) == words)
  }

  // MARK: Renewal

  /// Gives the credentials that a test says, one after the other.
  private final class Series: CredentialSource {
    let left: Mutex<[Result<AWSCredentials, AWSError>]>
    init(_ list: [Result<AWSCredentials, AWSError>]) { left = Mutex(list) }
    func credentials() async throws -> AWSCredentials? { try left.withLock { $0.removeFirst() }.get() }
  }

  private func key(_ name: String, endsIn seconds: Int64?) -> Result<AWSCredentials, AWSError> {
    .success(
      AWSCredentials(
        accessKey: name, secretKey: "s", expiration: seconds.map { ServerTime(seconds: Self.now + $0) },
        source: "a test"))
  }

  @Test("Credentials are renewed before they end, and used while others can't be had") func renewal()
    async throws
  {
    let time = Mutex<Int64>(Self.now)
    let series = Series([
      key("one", endsIn: 3600), .failure(AWSError("gone")), key("two", endsIn: 7200),
      .failure(AWSError("gone")),
    ])
    let supply = CredentialSupply([series], now: { time.withLock { $0 } })
    #expect(try await supply.current().accessKey == "one")
    #expect(try await supply.current().accessKey == "one")
    time.withLock { $0 = Self.now + 3400 }
    #expect(try await supply.current().accessKey == "one")
    #expect(try await supply.current().accessKey == "two")
    time.withLock { $0 = Self.now + 7190 }
    await #expect(throws: AWSError.self) { try await supply.current() }
  }
}
