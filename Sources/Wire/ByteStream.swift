import AsyncHTTPClient
import NIOCore

/// The body of an answer, as it comes. Letting go of it ends the connection.
package struct ByteStream: AsyncSequence, Sendable {
  private let body: HTTPClientResponse.Body
  /// What keeps the connection.
  private let connections: Connections
  private let explain: @Sendable (any Error) -> any Error

  /// A body.
  ///
  /// - Parameter explain: says what an error of the connection means.
  package init(
    _ body: HTTPClientResponse.Body, over connections: Connections,
    explain: @escaping @Sendable (any Error) -> any Error
  ) {
    self.body = body
    self.connections = connections
    self.explain = explain
  }

  /// Reads the body, once.
  package func makeAsyncIterator() -> Iterator {
    Iterator(body: body.makeAsyncIterator(), connections: connections, explain: explain)
  }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate var body: HTTPClientResponse.Body.AsyncIterator
    fileprivate let connections: Connections
    fileprivate let explain: @Sendable (any Error) -> any Error

    /// The next piece; `nil` at the end.
    ///
    /// - Throws: what the explanation says; `CancellationError`.
    package mutating func next() async throws -> ByteBuffer? {
      do {
        return try await body.next()
      } catch {
        if Task.isCancelled { throw CancellationError() }
        throw explain(error)
      }
    }
  }
}
