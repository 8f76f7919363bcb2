import Wire

/// Values that an engine sends as lines of JSON, as they come.
package struct JSONLines<Value: Decodable & Sendable>: AsyncSequence, Sendable {
  let bytes: ByteStream

  /// The longest line, in bytes.
  private static var limit: Int { 1024 * 1024 }

  /// Reads the values, once.
  package func makeAsyncIterator() -> Iterator {
    Iterator(bytes: bytes.makeAsyncIterator(), splitter: LineSplitter.ofEngine(limit: Self.limit))
  }

  package struct Iterator: AsyncIteratorProtocol {
    private var bytes: ByteStream.Iterator
    private var splitter: LineSplitter
    private var lines: [[UInt8]] = []
    private var index = 0

    fileprivate init(bytes: ByteStream.Iterator, splitter: LineSplitter) {
      self.bytes = bytes
      self.splitter = splitter
    }

    /// The next value; `nil` when the engine ends the answer.
    ///
    /// - Throws: ``DockerError`` if the connection breaks or what comes makes no sense; `CancellationError`.
    package mutating func next() async throws -> Value? {
      while true {
        while index < lines.count {
          defer { index += 1 }
          if !lines[index].isEmpty { return try EngineJSON.decode(Value.self, from: lines[index]) }
        }
        guard let piece = try await bytes.next() else {
          guard let last = splitter.finish() else { return nil }
          (lines, index) = ([last], 0)
          continue
        }
        (lines, index) = (try splitter.add(piece.readableBytesView), 0)
      }
    }
  }
}
