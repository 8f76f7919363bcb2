import Wire

extension WebSocketWriter {
  /// Sends a message to a command.
  func send(_ message: ExecMessage) async throws { try await send(.binary, message.bytes) }
}
