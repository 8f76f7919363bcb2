import NIOCore
import NIOWebSocket
import Values

/// Reads the messages of a server, and answers its signs of life.
package struct WebSocketReader {
  private var frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
  private let writer: WebSocketWriter

  package init(_ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, writer: WebSocketWriter) {
    frames = inbound.makeAsyncIterator()
    self.writer = writer
  }

  /// What comes.
  package enum Message: Sendable {
    /// A message.
    case data(ByteBuffer)
    /// The connection ends; with the number of the reason, where the server tells one, and a text.
    case closed(code: UInt16?, reason: String)
  }

  /// The next message. After the connection has ended, it says so each time.
  ///
  /// - Throws: `CancellationError`, or what the writer does.
  package mutating func next() async throws -> Message {
    while true {
      let frame: WebSocketFrame?
      do {
        frame = try await frames.next()
      } catch {
        if Task.isCancelled { throw CancellationError() }
        return .closed(code: nil, reason: "\(error)")
      }
      guard let frame else {
        // The frames of a task that is cancelled simply end.
        try Task.checkCancellation()
        return .closed(code: nil, reason: "")
      }
      switch frame.opcode {
      case .ping: try await writer.send(.pong, frame.unmaskedData)
      case .connectionClose:
        var data = frame.unmaskedData
        let code = data.readInteger(as: UInt16.self)
        return .closed(code: code, reason: code == nil ? "" : String(buffer: data).trimmed)
      case .binary, .text: return .data(frame.unmaskedData)
      default: break
      }
    }
  }
}
