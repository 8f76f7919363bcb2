/// A line that a container wrote, or a part of a very long one.
package struct ContainerLogLine: Sendable, Equatable {
  /// Where it was written to.
  package let stream: OutputChunk.Stream
  /// When its first message was written; `nil` if the engine was not asked for that.
  package let time: EngineTime?
  /// When its last message was written; `nil` if the engine was not asked for that.
  package let endTime: EngineTime?
  /// The bytes without the line break.
  package let bytes: [UInt8]
  /// Whether the line goes on with the next one of the same stream.
  package let goesOn: Bool
  /// How many of the messages that the engine keeps began in it.
  package let messages: Int
}

/// The lines that a container wrote, as they come.
package struct ContainerLogs: AsyncSequence, Sendable {
  let output: ContainerOutput
  let hasTimes: Bool

  /// Reads the lines, once.
  package func makeAsyncIterator() -> Iterator {
    Iterator(output: output.makeAsyncIterator(), hasTimes: hasTimes)
  }

  package struct Iterator: AsyncIteratorProtocol {
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
    package mutating func next() async throws -> ContainerLogLine? {
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
