import Wire

/// What a command in a container reads.
package struct ExecInput: Sendable {
  let writer: WebSocketWriter
  let isGiven: Bool
  /// Whether the command can be told that nothing more comes: by servers from Kubernetes 1.30 on.
  package let canFinish: Bool

  /// How much is sent in one message, in bytes.
  private static let longestMessage = 32 * 1024

  /// Sends bytes. It returns when the connection takes more.
  ///
  /// - Throws: ``KubernetesError`` if the connection is closed, as it is when the command ended;
  ///   `CancellationError`.
  package func write(_ bytes: [UInt8]) async throws {
    guard isGiven else { throw KubernetesError("the command was not given standard input") }
    var rest = bytes[...]
    while !rest.isEmpty {
      try await writer.send(.input(Array(rest.prefix(Self.longestMessage))))
      rest = rest.dropFirst(Self.longestMessage)
    }
  }

  /// Tells the command that nothing more comes. Its output still does.
  ///
  /// - Throws: ``KubernetesError`` if the server has no way to tell it: see ``canFinish``.
  package func finish() async throws {
    guard isGiven else { return }
    guard canFinish else {
      throw KubernetesError(
        "this server can't tell a command that its input has ended: Kubernetes 1.30 and newer can",
        help: "run a command that knows itself where its input ends, such as: head -c BYTES")
    }
    try await writer.send(.close(channel: ExecMessage.inputChannel))
  }

  /// Gives the terminal of the command another size, in characters.
  package func resize(columns: Int, rows: Int) async throws {
    try await writer.send(.resize(columns: columns, rows: rows))
  }
}
