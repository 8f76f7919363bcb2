import NIOCore
import NIOWebSocket
import Wire

/// What a command in a container writes, as it comes, and how it ends.
package struct ExecOutput: AsyncSequence, Sendable {
  let inbound: NIOAsyncChannelInboundStream<WebSocketFrame>
  let writer: WebSocketWriter

  /// Reads the events, once.
  package func makeAsyncIterator() -> Iterator {
    Iterator(WebSocketReader(inbound, writer: writer))
  }

  package struct Iterator: AsyncIteratorProtocol {
    private var messages: WebSocketReader
    private var hasEnded = false

    init(_ messages: WebSocketReader) { self.messages = messages }

    /// The next event; `nil` after the command has ended.
    ///
    /// - Throws: ``KubernetesError`` if the command can't be run, or the connection breaks before it is told
    ///   how it ended; `CancellationError`.
    package mutating func next() async throws -> ExecEvent? {
      while !hasEnded {
        switch try await messages.next() {
        case .data(let message):
          if let event = try event(ExecMessage(message.readableBytesView)) { return event }
        case .closed(let code, let reason):
          throw lost(reason.isEmpty ? code.map { $0 == 1000 ? "" : "\($0)" } ?? "" : reason)
        }
      }
      return nil
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
  }
}
