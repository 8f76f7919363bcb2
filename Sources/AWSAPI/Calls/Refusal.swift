import NIOCore
import NIOHTTP1
import Values
import Wire

/// Why a service refuses, as its answer says it: in XML, in JSON, or by its status alone.
struct Refusal: Sendable {
  var code: String?
  var message: String?
  /// The region that the service names.
  var region: String?

  /// Reads an answer.
  init(of answer: Answer) {
    let headers = answer.headers
    code = headers.first(name: "x-amzn-errortype").map(Self.bare)
    region = headers.first(name: "x-amz-bucket-region")
    let text = String(buffer: answer.body).trimmed
    if text.hasPrefix("<") {
      read(xml: answer.body)
    } else if text.hasPrefix("{"), let json = try? JSON(parsing: text.utf8) {
      let type = json["__type"]?.string ?? json["code"]?.string ?? json["Code"]?.string
      code = code ?? type.map(Self.bare)
      message = json["message"]?.string ?? json["Message"]?.string
    }
  }

  /// `com.amazonaws.sts#ExpiredToken:http://…` names the same as `ExpiredToken`.
  private static func bare(_ type: String) -> String {
    let name = type.split(separator: "#").last ?? ""
    return String(name.split(separator: ":").first ?? "")
  }

  /// Reads one of the forms that services have: `<Error>` alone, within `<ErrorResponse>`, or within `<Response><Errors>`.
  private mutating func read(xml bytes: ByteBuffer) {
    guard let root = AnswerElement(parsing: bytes.readableBytesView) else { return }
    let detail = root["Error"] ?? root["Errors"]?["Error"] ?? root
    code = code ?? Self.said(detail["Code"])
    message = message ?? Self.said(detail["Message"])
    region = region ?? Self.said(detail["Region"])
  }

  private static func said(_ element: AnswerElement?) -> String? {
    element.flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  /// The refusal as an error.
  ///
  /// - Parameter request: what was asked, to know whether it may have been done.
  func error(
    _ answer: Answer, from server: ServerAddress, credentials: AWSCredentials?, to method: HTTPMethod
  ) -> AWSError {
    let reason = [code, message.map(Self.line)].compactMap(\.self).joined(separator: ": ")
    var error = AWSError(
      status: answer.status, code: code,
      reason.isEmpty
        ? "\(server) answers \(answer.status), without saying why" : "\(server) refuses: \(reason)")
    error.region = region
    error.retryAfter = answer.headers.first(name: "Retry-After").flatMap { Int64($0) }.flatMap {
      (0...3600).contains($0) ? .seconds($0) : nil
    }
    error.mayHaveBeenDone =
      answer.status >= 500 && answer.status != 501 && !error.isOverload && method != .GET && method != .HEAD
    error.help = help(error, credentials)
    return error
  }

  /// One line of what a service says, of a length that can be shown.
  private static func line(_ text: String) -> String {
    String(text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(500))
  }

  private func help(_ error: AWSError, _ credentials: AWSCredentials?) -> String? {
    let source = credentials?.source ?? "none"
    switch code {
    case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch":
      return "the credentials of \(source) are wrong: check the access key and its secret"
    case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
      return region.map { "it is in the region \($0): write `region: \($0)`" }
    case "RequestTimeTooSkewed", "RequestInTheFuture": return "set this machine's clock"
    default: break
    }
    if error.isExpired { return "the credentials of \(source) are over: get new ones" }
    if error.isForbidden {
      return "the credentials of \(source) may not do this: see what their policy allows"
    }
    if let region, (300..<400).contains(error.status ?? 0) {
      return "it is in the region \(region): write `region: \(region)`"
    }
    return nil
  }
}
