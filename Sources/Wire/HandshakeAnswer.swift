import NIOCore
import NIOHTTP1

/// What a server, or a proxy, answers when it is asked to hand over a connection: the head of an HTTP answer, and what
/// follows.
package struct HandshakeAnswer: Sendable {
  package let status: HTTPResponseStatus
  package let headers: HTTPHeaders
  /// What follows the head, as far as it came.
  package let rest: ByteBuffer

  /// The longest head, in bytes.
  private static let longestHead = 16 * 1024

  /// Reads what came so far; `nil` if the head is not complete.
  ///
  /// - Throws: `HTTPParserError` if it is no HTTP.
  package init?(_ bytes: ByteBuffer) throws {
    let start = Array("HTTP/1.".utf8)
    guard bytes.readableBytesView.prefix(start.count).elementsEqual(start.prefix(bytes.readableBytes)) else {
      throw HTTPParserError.invalidVersion
    }
    let view = bytes.readableBytesView
    guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else {
      if view.count > Self.longestHead { throw HTTPParserError.headerOverflow }
      return nil
    }
    let lines = String(decoding: view[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(
      String.init)
    let parts = lines[0].split(separator: " ", maxSplits: 2)
    guard parts.count > 1, let code = Int(parts[1]), (100..<600).contains(code) else {
      throw HTTPParserError.invalidStatus
    }
    status = HTTPResponseStatus(statusCode: code, reasonPhrase: parts.count > 2 ? String(parts[2]) : "")
    headers = HTTPHeaders(
      lines.dropFirst().compactMap { line in
        line.firstIndex(of: ":").map { colon in
          (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
      })
    rest = ByteBuffer(view[end.upperBound...])
  }

  /// The body that says why the server refuses; `nil` if it is not complete.
  ///
  /// - Parameter limit: how many bytes of it are enough.
  /// - Throws: `HTTPParserError` if it is no HTTP.
  package func body(upTo limit: Int) throws -> ByteBuffer? {
    if rest.readableBytes >= limit { return rest }
    if headers["Transfer-Encoding"].contains("chunked") { return try chunks() }
    let length = headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
    return rest.readableBytes >= length ? rest : nil
  }

  private func chunks() throws -> ByteBuffer? {
    var (rest, body) = (rest, ByteBuffer())
    while true {
      guard let end = rest.readableBytesView.firstRange(of: Array("\r\n".utf8)) else { return nil }
      let view = rest.readableBytesView[..<end.lowerBound].prefix { $0 != UInt8(ascii: ";") }
      guard let size = Int(String(decoding: view, as: UTF8.self), radix: 16), size >= 0 else {
        throw HTTPParserError.invalidChunkSize
      }
      if size == 0 { return body }
      rest.moveReaderIndex(to: end.upperBound)
      guard size < rest.readableBytes - 1, let chunk = rest.readSlice(length: size) else { return nil }
      body.writeImmutableBuffer(chunk)
      rest.moveReaderIndex(forwardBy: 2)
    }
  }
}
