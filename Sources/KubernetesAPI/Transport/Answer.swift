import NIOCore
import NIOHTTP1
import Values

/// The whole answer of a server.
struct Answer: Sendable {
  let status: Int
  let headers: HTTPHeaders
  let body: ByteBuffer

  /// The answer as JSON.
  ///
  /// - Throws: ``KubernetesError`` if it is none. What was asked for was done all the same.
  func json() throws -> JSON {
    do throws(JSONFailure) {
      return try JSON(parsing: body)
    } catch {
      throw KubernetesError(
        "the server's answer makes no sense: at byte \(error.offset), \(error.message)",
        help: "check that a Kubernetes API server is there, and that no proxy in between answers",
        mayHaveBeenDone: true)
    }
  }
}

extension JSON {
  init(parsing buffer: ByteBuffer) throws(JSONFailure) {
    let result: Result<JSON, JSONFailure> = buffer.withUnsafeReadableBytes { bytes in
      do throws(JSONFailure) { return .success(try JSON(parsing: bytes)) } catch { return .failure(error) }
    }
    self = try result.get()
  }
}
