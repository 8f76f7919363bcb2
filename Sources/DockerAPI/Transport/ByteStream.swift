import AsyncHTTPClient
import NIOCore

/// The body of an answer, as it comes. Letting go of it ends the connection.
struct ByteStream: AsyncSequence, Sendable {
  let body: HTTPClientResponse.Body
  let transport: Transport

  func makeAsyncIterator() -> Iterator { Iterator(body: body.makeAsyncIterator(), transport: transport) }

  struct Iterator: AsyncIteratorProtocol {
    var body: HTTPClientResponse.Body.AsyncIterator
    let transport: Transport

    mutating func next() async throws -> ByteBuffer? {
      do {
        return try await body.next()
      } catch {
        if Task.isCancelled { throw CancellationError() }
        throw DockerError.explaining(error, at: transport)
      }
    }
  }
}
