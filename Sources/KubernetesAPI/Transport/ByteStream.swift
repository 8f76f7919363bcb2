import AsyncHTTPClient
import NIOCore

/// The body of an answer, as it comes. Letting go of it ends the connection.
struct ByteStream: AsyncSequence, Sendable {
  let body: HTTPClientResponse.Body
  let transport: Transport
  /// What keeps the connection.
  let connections: Connections

  func makeAsyncIterator() -> Iterator {
    Iterator(body: body.makeAsyncIterator(), transport: transport, connections: connections)
  }

  struct Iterator: AsyncIteratorProtocol {
    var body: HTTPClientResponse.Body.AsyncIterator
    let transport: Transport
    let connections: Connections

    mutating func next() async throws -> ByteBuffer? {
      do {
        return try await body.next()
      } catch {
        if Task.isCancelled { throw CancellationError() }
        throw transport.explaining(error)
      }
    }
  }
}
