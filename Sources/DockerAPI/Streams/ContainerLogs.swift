/// A line that a container wrote, or a part of a very long one.
public struct ContainerLogLine: Sendable, Equatable {
  /// Where it was written to.
  public let stream: OutputChunk.Stream
  /// When its first message was written; `nil` if the engine was not asked for that.
  public let time: EngineTime?
  /// When its last message was written; `nil` if the engine was not asked for that.
  public let endTime: EngineTime?
  /// The bytes without the line break.
  public let bytes: [UInt8]
  /// Whether the line goes on with the next one of the same stream.
  public let goesOn: Bool
  /// How many of the messages that the engine keeps began in it.
  public let messages: Int
}

/// The lines that a container wrote, as they come.
public struct ContainerLogs: AsyncSequence, Sendable {
  let output: ContainerOutput
  let hasTimes: Bool

  /// Reads the lines, once.
  public func makeAsyncIterator() -> Iterator {
    Iterator(output: output.makeAsyncIterator(), hasTimes: hasTimes)
  }

  /// Reads the lines.
  public struct Iterator: AsyncIteratorProtocol {
    private var chunks: ContainerOutput.Iterator
    private var output: LogLineAssembler
    private var error: LogLineAssembler
    private var lines: ArraySlice<ContainerLogLine> = []
    private var isAtEnd = false

    fileprivate init(output: ContainerOutput.Iterator, hasTimes: Bool) {
      chunks = output
      self.output = LogLineAssembler(stream: .output, hasTimes: hasTimes)
      error = LogLineAssembler(stream: .error, hasTimes: hasTimes)
    }

    /// The next line; `nil` when nothing more comes.
    ///
    /// - Throws: ``DockerError`` if the engine can't go on, or the connection breaks; `CancellationError`.
    public mutating func next() async throws -> ContainerLogLine? {
      while true {
        if let line = lines.popFirst() { return line }
        if isAtEnd { return nil }
        guard let chunk = try await chunks.next() else {
          isAtEnd = true
          lines = [output.finish(), error.finish()].compactMap(\.self)[...]
          continue
        }
        switch chunk.stream {
        case .output: lines = output.add(chunk)[...]
        case .error: lines = error.add(chunk)[...]
        }
      }
    }
  }
}
