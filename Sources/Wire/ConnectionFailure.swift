import AsyncHTTPClient
import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a request over HTTP had no answer, in words that go on a sentence about the server: "it refused the connection".
package enum ConnectionFailure {
  /// The words for an error of the client.
  package static func words(for error: any Error) -> String {
    switch error {
    case is CancellationError: ended
    case let error as HTTPClientError: words(for: error)
    case let error as NIOConnectionError where error.connectionErrors.isEmpty: "its name is not known"
    case let error as NIOConnectionError:
      error.connectionErrors.map { words(for: $0.error) }.joined(separator: ", ")
    case let error as IOError where error.errnoCode == ECONNREFUSED: "it refused the connection"
    case is NIOTooManyBytesError: "its answer is too long"
    default: "\(error)"
    }
  }

  private static func words(for error: HTTPClientError) -> String {
    switch error {
    case .cancelled: ended
    case .deadlineExceeded, .connectTimeout: "it did not answer in time"
    case .remoteConnectionClosed: "it closed the connection without an answer"
    default: error.shortDescription
    }
  }

  private static let ended = "the run ended before it answered"
}
