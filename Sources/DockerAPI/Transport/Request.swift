import NIOCore
import NIOHTTP1
import Values

/// What an engine is asked, apart from the version of the API.
struct Request: Sendable {
  var method: HTTPMethod
  /// The path after the version, encoded.
  var path: String
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body: Body?
  /// How long the whole answer may take, or of a stream its beginning; `nil` means that it may take for ever.
  var limit: Duration? = Self.patience

  /// What a request carries.
  struct Body: Sendable {
    let type: String
    let bytes: ByteBuffer
  }

  /// How long an engine may take to answer, unless it was asked to wait. Generous: a busy disk makes creating
  /// and removing slow.
  static let patience = Duration.seconds(120)

  init(_ method: HTTPMethod, _ parts: String...) {
    self.method = method
    path = parts.map { "/" + Self.encoded($0) }.joined()
  }

  /// The request with something more to ask for.
  func with(_ name: String, _ value: String?) -> Request {
    guard let value else { return self }
    var request = self
    request.query.append((name, value))
    return request
  }

  /// The request with a switch that is off by default.
  func with(_ name: String, _ value: Bool) -> Request { with(name, value ? "true" : nil) }

  /// The request with conditions on what is listed: `["label": ["team=shop"]]`.
  func with(filters: [String: [String]]) -> Request {
    guard !filters.isEmpty else { return self }
    let members = filters.sorted { $0.key < $1.key }.map {
      JSON.Member($0.key, .array($0.value.map(JSON.string)))
    }
    return with("filters", JSON.object(members).text)
  }

  /// The request with something to be sent as JSON.
  func with(json value: some Encodable) throws -> Request {
    try with(body: "application/json", EngineJSON.encode(value))
  }

  /// The request with bytes to be sent.
  func with(body type: String, _ bytes: ByteBuffer) -> Request {
    var request = self
    request.body = Body(type: type, bytes: bytes)
    return request
  }

  /// The request with one header more; as it is if there is no value.
  func with(header name: String, _ value: String?) -> Request {
    guard let value else { return self }
    var request = self
    request.headers.append((name, value))
    return request
  }

  /// The request with another limit.
  func within(_ limit: Duration?) -> Request {
    var request = self
    request.limit = limit
    return request
  }

  /// The path and the query, as they are sent to an engine that speaks this version.
  func target(version: APIVersion?) -> String {
    var target = version.map { "/v\($0)" } ?? ""
    target += path
    for (index, item) in query.enumerated() {
      target += (index == 0 ? "?" : "&") + item.name + "=" + Self.encoded(item.value)
    }
    return target
  }

  /// Text for a path or a query; the parts of an image's name stay apart.
  static func encoded(
    _ text: String, keeping kept: Set<UInt8> = [UInt8(ascii: "/"), UInt8(ascii: ":")]
  ) -> String {
    var encoded = ""
    encoded.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      case let byte where kept.contains(byte): encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
