import NIOCore
import NIOWebSocket

/// Sends messages of a client, which are masked as RFC 6455 wants it.
struct ExecWriter: Sendable {
  let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
  let transport: Transport

  /// Sends a sign of life every so often, until the task is cancelled or the connection ends.
  func ping(every interval: Duration) async throws {
    while true {
      try await Task.sleep(for: interval)
      try await send(.ping, ByteBuffer())
    }
  }

  func send(_ message: ExecMessage) async throws { try await send(.binary, message.bytes) }

  func send(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer) async throws {
    let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: bytes)
    try await transport.explained { try await outbound.write(frame) }
  }
}
