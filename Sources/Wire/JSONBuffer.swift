import NIOCore
import Values

extension JSON {
  /// The value on one line, as it is sent.
  package var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

  /// Reads JSON.
  ///
  /// - Throws: `JSONFailure` if it is none.
  package init(parsing buffer: ByteBuffer) throws(JSONFailure) {
    let result: Result<JSON, JSONFailure> = buffer.withUnsafeReadableBytes { bytes in
      do throws(JSONFailure) { return .success(try JSON(parsing: bytes)) } catch { return .failure(error) }
    }
    self = try result.get()
  }
}
