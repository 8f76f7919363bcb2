import AWSTestSupport
import Testing
import Wire

@testable import AWSAPI

/// Signatures, judged by another implementation: moto checks them when it is told to. What it gets wrong with any client, a `+` in a
/// path and a `/` in a query, is left out.
@Suite(MotoServer.isInstalled) struct RealSignatureTests {
  @Test("moto takes what is signed with the right secret, and refuses what is not") func motoJudges()
    async throws
  {
    let moto = try await MotoServer()
    defer { moto.stop() }
    let server = try AWSRegion.address(moto.address, "moto")
    let door = try WebDoor(environment: [:])
    func open(_ service: String, _ secret: String, _ key: String) throws -> AWSClient {
      let source = try EnvironmentCredentials.fixed(key: key, secret: secret, door)
      return AWSClient(
        service, at: server, region: "us-east-1",
        credentials: CredentialSupply([source], now: { WallClock.seconds }), door: door)
    }
    // A user with a key, made while nothing is checked yet.
    let iam = try open("iam", "x", "AKIAIOSFODNN7EXAMPLE")
    _ = try await iam.call(
      .form("CreateUser", version: "2010-05-08", [("UserName", "u")], isRepeatable: false))
    let policy =
      #"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#
    _ = try await iam.call(
      .form(
        "PutUserPolicy", version: "2010-05-08",
        [("UserName", "u"), ("PolicyName", "p"), ("PolicyDocument", policy)], isRepeatable: false))
    let made = try await iam.call(
      .form("CreateAccessKey", version: "2010-05-08", [("UserName", "u")], isRepeatable: false)
    ).xml()["CreateAccessKeyResult"]?["AccessKey"]
    let (key, secret) = try (#require(made?["AccessKeyId"]?.text), #require(made?["SecretAccessKey"]?.text))
    _ = try await door.ask(
      server, .POST, "/moto-api/reset-auth", headers: [], body: Array("0".utf8), within: .seconds(10))
    let right = try open("s3", secret, key)
    _ = try await right.call(AWSRequest(.PUT, "/signed-bucket", isRepeatable: true))
    _ = try await right.call(
      AWSRequest(.PUT, "/signed-bucket/a b/~c-d", headers: [("If-None-Match", "*")], body: Array("x".utf8)))
    _ = try await right.call(
      AWSRequest(.GET, "/signed-bucket", query: [("list-type", "2"), ("prefix", "~x"), ("max-keys", "1")]))
    let wrong = try open("s3", secret + "x", key)
    let error = await #expect(throws: AWSError.self) {
      try await wrong.call(AWSRequest(.GET, "/signed-bucket", query: [("list-type", "2")]))
    }
    #expect(
      error?.code == "SignatureDoesNotMatch" && error?.help?.contains("wrong") == true,
      "\(String(describing: error))")
    #expect(error.map { "\($0)" }?.contains(secret) == false)
  }
}

extension EnvironmentCredentials {
  /// Keys that a test states.
  fileprivate static func fixed(key: String, secret: String, _ door: WebDoor) throws -> EnvironmentCredentials
  {
    let environment = ["HOME": "/nowhere", "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret]
    return EnvironmentCredentials(
      CredentialContext(
        settings: try AWSSettings(environment: environment), door: door, region: nil, programs: .granted))
  }
}
