import NIOCore
import NIOWebSocket

/// What a command in a container writes, as it comes, and how it ends.
package struct ExecOutput: AsyncSequence, Sendable {
  let inbound: NIOAsyncChannelInboundStream<WebSocketFrame>
  let writer: ExecWriter

  /// Reads the events, once.
  package func makeAsyncIterator() -> Iterator {
    Iterator(frames: inbound.makeAsyncIterator(), writer: writer)
  }

  package struct Iterator: AsyncIteratorProtocol {
    var frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
    let writer: ExecWriter
    private var hasEnded = false

    init(frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator, writer: ExecWriter) {
      self.frames = frames
      self.writer = writer
    }

    /// The next event; `nil` after the command has ended.
    ///
    /// - Throws: ``KubernetesError`` if the command can't be run, or the connection breaks before it is told
    ///   how it ended; `CancellationError`.
    package mutating func next() async throws -> ExecEvent? {
      while !hasEnded {
        guard let frame = try await frame() else {
          // The frames of a task that is cancelled simply end.
          try Task.checkCancellation()
          throw lost("")
        }
        switch frame.opcode {
        case .ping: try await writer.send(.pong, frame.unmaskedData)
        case .connectionClose: throw lost(Self.reason(frame))
        case .binary, .text:
          if let event = try event(ExecMessage(frame.unmaskedData.readableBytesView)) { return event }
        default: break
        }
      }
      return nil
    }

    private mutating func frame() async throws -> WebSocketFrame? {
      do {
        return try await frames.next()
      } catch {
        if Task.isCancelled { throw CancellationError() }
        throw lost("\(error)")
      }
    }

    private mutating func event(_ message: ExecMessage?) throws -> ExecEvent? {
      switch message {
      // Servers begin each channel with an empty message.
      case .output(let bytes): return bytes.isEmpty ? nil : .output(bytes)
      case .error(let bytes): return bytes.isEmpty ? nil : .error(bytes)
      case .status(let bytes):
        guard !bytes.isEmpty else { return nil }
        hasEnded = true
        return .ended(try ExecStatus.exitCode(bytes))
      case .close: return nil
      case .input, .resize, nil:
        throw KubernetesError(
          "what comes from the command makes no sense", help: "check that no proxy in between answers")
      }
    }

    private func lost(_ reason: String) -> KubernetesError {
      KubernetesError(
        "the server ended the connection before it told how the command ended"
          + (reason.isEmpty ? "" : ": \(reason)"),
        help: "see whether the pod is still there, and what its node says", mayHaveBeenDone: true)
    }

    /// What a message says that ends the connection: a number, and a text.
    private static func reason(_ frame: WebSocketFrame) -> String {
      var data = frame.unmaskedData
      guard let code = data.readInteger(as: UInt16.self) else { return "" }
      let text = String(buffer: data).trimmed
      return text.isEmpty ? (code == 1000 ? "" : "\(code)") : text
    }
  }
}
