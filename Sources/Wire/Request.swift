import NIOCore
import NIOHTTP1
import Values

/// What a server is asked.
package struct Request: Sendable {
  /// What is done, as HTTP names it.
  package var method: HTTPMethod
  /// The path, encoded.
  package var path: String
  /// What is asked for by the query, not yet encoded.
  package var query: [(name: String, value: String)] = []
  /// What is sent besides what each request carries.
  package var headers: [(name: String, value: String)] = []
  /// What is sent.
  package var body: Body?
  /// How long the whole answer may take, or of a stream its beginning; `nil` means that it may take for ever.
  package var limit: Duration? = Self.patience
  /// Whether to ask once more does no harm where it is not known whether the request was carried out.
  package var isRepeatable: Bool

  /// What a request carries.
  package struct Body: Sendable {
    /// The media type.
    package let type: String
    /// What it carries.
    package let bytes: ByteBuffer
  }

  /// How long a server may take to answer: servers give up after a minute by themselves.
  package static let patience = Duration.seconds(90)

  /// A request; one that only reads may be repeated.
  ///
  /// - Parameter parts: the parts of the path.
  package init(_ method: HTTPMethod, _ parts: [String]) {
    self.method = method
    path = parts.map { "/" + Self.encoded($0) }.joined()
    isRepeatable = method == .GET
  }

  /// The request with something more to ask for.
  package func with(_ name: String, _ value: String?) -> Request {
    guard let value, !value.isEmpty else { return self }
    var request = self
    request.query.append((name, value))
    return request
  }

  /// The request with a switch that is off by default.
  package func with(_ name: String, _ value: Bool) -> Request { with(name, value ? "true" : nil) }

  /// The request with something to be sent.
  package func with(_ json: JSON, as type: String = "application/json") -> Request {
    var request = self
    request.body = Body(type: type, bytes: json.buffer)
    return request
  }

  /// The request with one header more; one of the same name stays.
  package func with(header name: String, _ value: String) -> Request {
    var request = self
    request.headers.append((name, value))
    return request
  }

  /// The request with another limit.
  package func within(_ limit: Duration?) -> Request {
    var request = self
    request.limit = limit
    return request
  }

  /// The request, to be asked once more where it is not known whether it was carried out.
  package func repeatable(_ isRepeatable: Bool = true) -> Request {
    var request = self
    request.isRepeatable = isRepeatable
    return request
  }

  /// The path and the query, as they are sent.
  package var target: String {
    var target = path.isEmpty ? "/" : path
    for (index, item) in query.enumerated() {
      target += (index == 0 ? "?" : "&") + item.name + "=" + Self.encoded(item.value)
    }
    return target
  }

  /// Text for a path or a query.
  package static func encoded(_ text: String) -> String {
    var encoded = ""
    encoded.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
