import NIOCore
import NIOWebSocket

/// Sends messages of a client, which are masked as RFC 6455 wants it.
package struct WebSocketWriter: Sendable {
  private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
  private let explain: @Sendable (any Error) -> any Error

  /// A writer.
  ///
  /// - Parameter explain: says what an error of the connection means.
  package init(
    _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>,
    explain: @escaping @Sendable (any Error) -> any Error
  ) {
    self.outbound = outbound
    self.explain = explain
  }

  /// Sends a message. It returns when the connection takes more.
  ///
  /// - Throws: what the explanation says; `CancellationError`.
  package func send(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer) async throws {
    do {
      try await outbound.write(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: bytes))
    } catch {
      if Task.isCancelled { throw CancellationError() }
      throw explain(error)
    }
  }

  /// Sends a sign of life every so often, so that nothing in between takes a silent connection for dead, until the task is
  /// cancelled or the connection ends.
  package func ping(every interval: Duration) async throws {
    while true {
      try await Task.sleep(for: interval)
      try await send(.ping, ByteBuffer())
    }
  }

  /// Says goodbye, as far as the connection is still there.
  package func close() async {
    try? await send(.connectionClose, ByteBuffer(integer: UInt16(1000)))
  }
}
