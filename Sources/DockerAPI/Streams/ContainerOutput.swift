import NIOCore

/// What a container, or a command in one, writes, as it comes.
package struct ContainerOutput: AsyncSequence, Sendable {
  enum Source: Sendable {
    case answer(ByteStream)
    case connection(NIOAsyncChannelInboundStream<ByteBuffer>, Transport)
  }

  let source: Source
  /// Whether it comes from a terminal: then it is one stream, not taken apart.
  let terminal: Bool

  /// Reads the pieces, once.
  package func makeAsyncIterator() -> Iterator {
    switch source {
    case .answer(let bytes):
      Iterator(source: .answer(bytes.makeAsyncIterator()), terminal: terminal)
    case .connection(let bytes, let transport):
      Iterator(source: .connection(bytes.makeAsyncIterator(), transport), terminal: terminal)
    }
  }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate enum Source {
      case answer(ByteStream.Iterator)
      case connection(NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, Transport)

      mutating func next() async throws -> ByteBuffer? {
        switch self {
        case .answer(var bytes):
          defer { self = .answer(bytes) }
          return try await bytes.next()
        case .connection(var bytes, let transport):
          defer { self = .connection(bytes, transport) }
          do {
            return try await bytes.next()
          } catch {
            if Task.isCancelled { throw CancellationError() }
            throw DockerError.explaining(error, at: transport)
          }
        }
      }
    }

    private var source: Source
    private let terminal: Bool
    private var parser = FrameParser()
    private var chunks: ArraySlice<OutputChunk> = []

    fileprivate init(source: Source, terminal: Bool) {
      self.source = source
      self.terminal = terminal
    }

    /// The next piece; `nil` when nothing more comes.
    ///
    /// - Throws: ``DockerError`` if the engine can't go on, or the connection breaks; `CancellationError`.
    package mutating func next() async throws -> OutputChunk? {
      while true {
        if let chunk = chunks.popFirst() { return chunk }
        guard let bytes = try await source.next() else {
          if !terminal { try parser.finish() }
          return nil
        }
        if terminal { return OutputChunk(stream: .output, bytes: Array(bytes.readableBytesView)) }
        chunks = try parser.add(bytes.readableBytesView)[...]
      }
    }
  }
}
