import NIOCore

/// What goes to and fro between a program and a command in a container.
package struct AttachedStreams: Sendable {
  /// What the command writes. It ends when the command does, or closes its streams.
  package let output: ContainerOutput
  /// What the command reads.
  package let input: AttachedInput
}

/// What a command in a container reads.
package struct AttachedInput: Sendable {
  let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
  let transport: Transport

  /// Sends bytes. It returns when the connection takes more.
  ///
  /// - Throws: ``DockerError`` if the connection is closed, as it is when the command ended; `CancellationError`.
  package func write(_ bytes: [UInt8]) async throws {
    try await transport.explained { try await writer.write(ByteBuffer(bytes: bytes)) }
  }

  /// Tells the command that nothing more comes. Its output still does.
  package func finish() { writer.finish() }
}
