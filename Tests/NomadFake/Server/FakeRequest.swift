import Values

/// A request that came.
public struct FakeRequest: Sendable {
  public let method: String
  /// The path and the query, as they came.
  public let target: String
  /// By names in small letters.
  public let headers: [String: String]
  public let body: [UInt8]
  /// How many came before it.
  public let number: Int

  /// The path, decoded.
  public var path: String { Self.decoded(target.prefix { $0 != "?" }) }
  /// The body as JSON; `nil` if it is none.
  public var json: JSON? { try? JSON(parsing: body) }
  /// What a query says; the first of several.
  public subscript(name: String) -> String? { all(name).first }

  /// All that a query says under a name.
  public func all(_ name: String) -> [String] {
    target.drop { $0 != "?" }.dropFirst().split(separator: "&").compactMap { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts[0] == name ? parts.count > 1 ? Self.decoded(parts[1]) : "" : nil
    }
  }

  static func decoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What is answered.
enum FakeAnswer: Sendable {
  /// A body as JSON, with the state that it is of.
  case json(JSON, index: UInt64, status: Int = 200, next: String? = nil, shape: ShapeKind? = nil)
  /// Words, with a status.
  case text(Int, String)
  /// That something is not there, with the state that this is of.
  case absent(String, index: UInt64)
  /// Nothing.
  case empty(Int)
  /// What is answered when there is news, or when the time is over.
  case blocking(above: UInt64, for: Duration)
  case logs(LogFeed)
  case events(EventFeed)
  case exec(FakeExec)
}

/// What goes wrong with a request.
public enum FakeFault: Sendable {
  /// It is done, and the connection ends without an answer.
  case loseReply
  /// It is not done, and the connection ends.
  case dropRequest
  /// It is done, and half of the answer comes; of one that goes on, so many bytes.
  case cutReply(after: Int)
  /// It is not done, and this is answered.
  case refuse(Int, String, headers: [String] = [])
}
