import Crypto
import NIOHTTP1
import Values

/// Signs requests as version 4 of AWS's signatures has it: what is sent, and when, by a key that holds for one day, region and
/// service.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct RequestSigner: Sendable {
  private let credentials: AWSCredentials
  private let region: String
  private let service: String

  package init(_ credentials: AWSCredentials, region: String, service: String) {
    self.credentials = credentials
    self.region = region
    self.service = service
  }

  /// What is signed of a request.
  package struct Subject: Sendable {
    package var method: HTTPMethod
    /// The path as it is sent, encoded once.
    package var path: String
    /// The query, not yet encoded.
    package var query: [(name: String, value: String)]
    /// The headers that are signed; the host must be among them.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
      _ method: HTTPMethod, path: String, query: [(name: String, value: String)] = [],
      headers: [(name: String, value: String)], body: [UInt8] = []
    ) {
      self.method = method
      self.path = path
      self.query = query
      self.headers = headers
      self.body = body
    }
  }

  private static let algorithm = "AWS4-HMAC-SHA256"

  /// The headers to send beside those of the subject.
  ///
  /// - Parameters:
  ///   - now: the time, in seconds since 1970.
  ///   - signsContent: whether the digest of the body is a header that is signed, which S3 wants.
  package func headers(
    for subject: Subject, now: Int64, signsContent: Bool = true
  ) -> [(name: String, value: String)] {
    let moment = Self.moment(now)
    let digest = Hex.lower(SHA256.hash(data: subject.body))
    var added: [(name: String, value: String)] = [("X-Amz-Date", moment)]
    if signsContent { added.append(("X-Amz-Content-Sha256", digest)) }
    if let token = credentials.sessionToken { added.append(("X-Amz-Security-Token", token)) }
    var signed = subject
    signed.headers += added
    let names = Set(signed.headers.map { $0.name.lowercased() }).sorted().joined(separator: ";")
    let canonical = canonicalRequest(signed, names: names, digest: digest)
    let scope = "\(moment.prefix(8))/\(region)/\(service)/aws4_request"
    let text = [Self.algorithm, moment, scope, Hex.lower(SHA256.hash(data: Array(canonical.utf8)))]
    let signature = Self.code(text.joined(separator: "\n"), key(day: String(moment.prefix(8))))
    added.append(
      (
        "Authorization",
        "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), "
          + "Signature=\(Hex.lower(signature))"
      ))
    return added
  }

  /// The request in the one form that both ends make of it.
  func canonicalRequest(_ subject: Subject, names: String, digest: String) -> String {
    // S3 takes the path as it is sent; the others encode it once more.
    let path = service == "s3" ? subject.path : AWSText.encoded(subject.path, keepsSlashes: true)
    let query = subject.query.map { (AWSText.encoded($0.name), AWSText.encoded($0.value)) }.sorted { $0 < $1 }
    var values: [String: [String]] = [:]
    for header in subject.headers {
      values[header.name.lowercased(), default: []].append(Self.trimmed(header.value))
    }
    let headers = values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.joined(separator: ","))\n" }
    return [
      subject.method.rawValue, path.isEmpty ? "/" : path,
      query.map { "\($0)=\($1)" }.joined(separator: "&"), headers.joined(), names, digest,
    ].joined(separator: "\n")
  }

  /// A header's value without white space at its ends, and with one blank where several stand.
  private static func trimmed(_ value: String) -> String {
    value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  /// The key for a day.
  private func key(day: String) -> SymmetricKey {
    var key = SymmetricKey(data: Array("AWS4\(credentials.secretKey)".utf8))
    for part in [day, region, service, "aws4_request"] { key = SymmetricKey(data: Self.code(part, key)) }
    return key
  }

  private static func code(_ text: String, _ key: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
  }

  /// A moment as it is signed: `20150830T123600Z`.
  private static func moment(_ seconds: Int64) -> String {
    ServerTime(seconds: seconds).description.filter { $0 != "-" && $0 != ":" }
  }
}
