import NIOCore
import NIOWebSocket
import Wire

/// What a command in a task writes, as it comes, and how it ends.
package struct ExecOutput: AsyncSequence, Sendable {
  let inbound: NIOAsyncChannelInboundStream<WebSocketFrame>
  let writer: WebSocketWriter
  let access: NomadAccess

  /// Reads the events, once.
  package func makeAsyncIterator() -> Iterator {
    Iterator(WebSocketReader(inbound, writer: writer), access: access)
  }

  package struct Iterator: AsyncIteratorProtocol {
    private var messages: WebSocketReader
    private let access: NomadAccess
    private var events: ArraySlice<ExecEvent> = []
    private var hasEnded = false
    /// Whether the command said something, and so was run.
    private var hasBegun = false

    init(_ messages: WebSocketReader, access: NomadAccess) {
      self.messages = messages
      self.access = access
    }

    /// The next event; `nil` after the command has ended.
    ///
    /// - Throws: ``NomadError`` if the command can't be run, or the connection breaks before it is told how it ended;
    ///   `CancellationError`.
    package mutating func next() async throws -> ExecEvent? {
      while true {
        if let event = events.popFirst() { return event }
        if hasEnded { return nil }
        switch try await messages.next() {
        case .data(let bytes): try take(bytes)
        case .closed(let code, let reason): throw refusal(code, reason)
        }
      }
    }

    private mutating func take(_ bytes: ByteBuffer) throws {
      guard let message = ExecMessage.Received(bytes) else {
        throw NomadError(
          "what comes from the command makes no sense", help: "check that no proxy in between answers",
          mayHaveBeenDone: true)
      }
      hasBegun = true
      if !message.output.isEmpty { events.append(.output(message.output)) }
      if !message.error.isEmpty { events.append(.error(message.error)) }
      if let code = message.exitCode {
        hasEnded = true
        events.append(.ended(code))
      }
    }

    /// The number by which agents close a connection for what they answer with 500.
    private static let internalError: UInt16 = 1011
    /// The number for all other refusals.
    private static let policyViolation: UInt16 = 1008

    private func refusal(_ code: UInt16?, _ reason: String) -> NomadError {
      guard !reason.isEmpty, code == Self.internalError || code == Self.policyViolation else {
        return NomadError(
          "the agent ended the connection before it told how the command ended"
            + (reason.isEmpty ? "" : ": \(reason)"),
          help: "see whether the allocation is still there, and what its node says", mayHaveBeenDone: true,
          reason: .unavailable)
      }
      var error = AgentRefusal(
        status: Self.status(code, reason), reasonPhrase: "", text: reason, wait: nil, location: nil,
        isReading: true
      ).error(of: access)
      error.mayHaveBeenDone = hasBegun
      return error
    }

    /// The status that the agent had in mind: it tells only whether it was 500.
    private static func status(_ code: UInt16?, _ reason: String) -> Int {
      if reason.hasSuffix("Permission denied") || reason.hasSuffix("ACL token not found") { return 403 }
      if code == internalError { return 500 }
      let isAbsence =
        reason.hasPrefix("Unknown allocation") || reason.contains("not started yet")
        || reason.contains("is not running") || reason.contains("No path to node")
      return isAbsence ? 404 : 400
    }
  }
}
