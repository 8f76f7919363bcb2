import NIOCore
import NIOHTTP1

/// The whole answer of a server.
package struct Answer: Sendable {
  /// The status of HTTP.
  package let status: Int
  /// What came before the body.
  package let headers: HTTPHeaders
  /// All of it.
  package let body: ByteBuffer

  package init(status: Int, headers: HTTPHeaders, body: ByteBuffer) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
