import NIOCore
import Values

extension JSON {
  /// The value on one line, as it is sent.
  var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }
}
