import NIOHTTP1
import Testing

@testable import AWSAPI

/// Signatures, held to those that AWS publishes: the suite of version 4, and the examples of S3's reference.
@Suite struct SignatureTests {
  private static let suite = AWSCredentials(
    accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", source: "the suite")
  private static let reference = AWSCredentials(
    accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    source: "the reference")
  /// 2015-08-30T12:36:00Z and 2013-05-24T00:00:00Z.
  private static let (suiteTime, referenceTime): (Int64, Int64) = (1_440_938_160, 1_369_353_600)

  private func authorization(
    _ subject: RequestSigner.Subject, _ credentials: AWSCredentials, service: String, now: Int64
  ) -> String? {
    RequestSigner(credentials, region: "us-east-1", service: service)
      .headers(for: subject, now: now, signsContent: service == "s3").first { $0.name == "Authorization" }?
      .value
  }

  @Test(
    "The suite of version 4",
    arguments: [
      (
        "get-vanilla", HTTPMethod.GET, "/", [], [], "",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
      ),
      (
        "post-vanilla", .POST, "/", [], [], "",
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
      ),
      (
        "get-vanilla-query-order-key-case", .GET, "/", [("Param2", "value2"), ("Param1", "value1")], [], "",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
      ),
      (
        "get-unreserved", .GET, "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", [], [],
        "",
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"
      ),
      (
        "post-x-www-form-urlencoded", .POST, "/", [], [("Content-Type", "application/x-www-form-urlencoded")],
        "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
      ),
      (
        "get-header-value-trim", .GET, "/", [],
        [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")], "",
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
      ),
    ] as [(String, HTTPMethod, String, [(String, String)], [(String, String)], String, String)])
  func theSuite(
    name: String, method: HTTPMethod, path: String, query: [(String, String)], headers: [(String, String)],
    body: String, signature: String
  ) {
    let subject = RequestSigner.Subject(
      method, path: path, query: query.map { (name: $0.0, value: $0.1) },
      headers: [("Host", "example.amazonaws.com")] + headers.map { (name: $0.0, value: $0.1) },
      body: Array(body.utf8))
    let header = authorization(subject, Self.suite, service: "service", now: Self.suiteTime)
    #expect(header?.hasSuffix("Signature=\(signature)") == true, "\(name): \(header ?? "")")
    #expect(
      header?.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ")
        == true)
  }

  @Test(
    "The examples of S3",
    arguments: [
      (
        HTTPMethod.GET, "/test.txt", [], [("Range", "bytes=0-9")], "",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
      ),
      (
        .PUT, "/test%24file.text", [],
        [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        "Welcome to Amazon S3.", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
      ),
      (
        .GET, "/", [("lifecycle", "")], [], "",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
      ),
      (
        .GET, "/", [("max-keys", "2"), ("prefix", "J")], [], "",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
      ),
    ] as [(HTTPMethod, String, [(String, String)], [(String, String)], String, String)])
  func theExamples(
    method: HTTPMethod, path: String, query: [(String, String)], headers: [(String, String)], body: String,
    signature: String
  ) {
    let subject = RequestSigner.Subject(
      method, path: path, query: query.map { (name: $0.0, value: $0.1) },
      headers: [("Host", "examplebucket.s3.amazonaws.com")] + headers.map { (name: $0.0, value: $0.1) },
      body: Array(body.utf8))
    let header = authorization(subject, Self.reference, service: "s3", now: Self.referenceTime)
    #expect(header?.hasSuffix("Signature=\(signature)") == true, "\(header ?? "")")
  }

  @Test("A token goes with the request, and is signed") func aTokenGoesWithTheRequest() {
    let credentials = AWSCredentials(accessKey: "A", secretKey: "S", sessionToken: "T", source: "a test")
    let headers = RequestSigner(credentials, region: "eu-west-1", service: "s3").headers(
      for: RequestSigner.Subject(.GET, path: "/", headers: [("Host", "h")]), now: 0)
    #expect(headers.first { $0.name == "X-Amz-Security-Token" }?.value == "T")
    #expect(headers.first { $0.name == "Authorization" }?.value.contains("x-amz-security-token") == true)
  }

  @Test("What shows credentials shows no secret") func whatShowsCredentialsShowsNoSecret() {
    let credentials = AWSCredentials(
      accessKey: "AKIA1", secretKey: "planted-secret", sessionToken: "planted-token", source: "a test")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in [
      "\(credentials)", String(reflecting: credentials), String(describing: [credentials]), dumped,
    ] {
      #expect(!text.contains("planted") && text.contains("AKIA1"), "\(text)")
    }
  }
}
