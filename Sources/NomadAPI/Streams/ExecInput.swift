import NIOCore
import Wire

/// What a command in a task reads.
package struct ExecInput: Sendable {
  let writer: WebSocketWriter

  /// How much is sent in one message, in bytes.
  private static let longestMessage = 16 * 1024

  /// Sends bytes. It returns when the connection takes more.
  ///
  /// - Throws: ``NomadError`` if the connection is closed, as it is when the command ended; `CancellationError`.
  package func write(_ bytes: [UInt8]) async throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      try await send(.input(Array(rest.prefix(Self.longestMessage))))
      rest = rest.dropFirst(Self.longestMessage)
    }
  }

  /// Tells the command that nothing more comes. Its output still does.
  package func finish() async throws { try await send(.inputEnds) }

  /// Gives the terminal of the command another size, in characters.
  package func resize(columns: Int, rows: Int) async throws {
    try await send(.resize(columns: columns, rows: rows))
  }

  /// Sends a sign of life every so often, until the task is cancelled or the connection ends.
  func beat(every interval: Duration) async throws {
    while true {
      try await Task.sleep(for: interval)
      try await send(.heartbeat)
    }
  }

  private func send(_ message: ExecMessage.Sent) async throws {
    try await writer.send(.text, message.json.buffer)
  }
}
