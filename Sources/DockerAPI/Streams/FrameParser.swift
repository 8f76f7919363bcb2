/// Takes apart what an engine sends where two streams come over one connection: messages, each after a header of
/// eight bytes that says which stream it is of and how long it is.
///
/// What was read of a message is handed out at once, so that nothing grows with the length of a message.
struct FrameParser: Sendable {
  private var header: [UInt8] = []
  /// What is left of the message, in bytes.
  private var remaining = 0
  private var source = Source.output
  private var hasBegun = false
  /// What the engine says went wrong.
  private var failure: [UInt8] = []

  private enum Source: UInt8 {
    case input, output, error
    /// Not from the container: the engine itself says what went wrong.
    case engine
  }

  private static let headerSize = 8
  /// How much is read of what the engine says went wrong, in bytes.
  private static let longestFailure = 64 * 1024

  /// Takes bytes, and gives the pieces in them.
  ///
  /// - Throws: ``DockerError`` if they are no messages, or the engine says that something went wrong.
  mutating func add(_ bytes: some Collection<UInt8>) throws -> [OutputChunk] {
    var chunks: [OutputChunk] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      if header.count < Self.headerSize {
        let part = rest.prefix(Self.headerSize - header.count)
        header += part
        rest = rest.dropFirst(part.count)
        guard header.count == Self.headerSize else { break }
        try begin()
      } else {
        let part = rest.prefix(remaining)
        rest = rest.dropFirst(part.count)
        remaining -= part.count
        take(part, into: &chunks)
      }
      if header.count == Self.headerSize, remaining == 0 { try end() }
    }
    return chunks
  }

  /// To be called when nothing more comes.
  ///
  /// - Throws: ``DockerError`` if a message is cut off.
  func finish() throws {
    if !header.isEmpty { throw DockerError("the engine closed the connection in the middle of a message") }
  }

  private mutating func begin() throws {
    guard let source = Source(rawValue: header[0]), header[1...3].allSatisfy({ $0 == 0 }) else {
      throw DockerError(
        "the engine's output makes no sense",
        help: "this is what the output of a container with a terminal looks like if none is expected")
    }
    self.source = source
    remaining = header[4...].reduce(0) { $0 << 8 | Int($1) }
    hasBegun = false
  }

  private mutating func take(_ part: some Collection<UInt8>, into chunks: inout [OutputChunk]) {
    switch source {
    case .engine: failure += part.prefix(Self.longestFailure - failure.count)
    case .error, .input, .output:
      // What is sent as input is what a terminal echoes.
      let stream = source == .error ? OutputChunk.Stream.error : .output
      chunks.append(OutputChunk(stream: stream, bytes: Array(part), beginsMessage: !hasBegun))
      hasBegun = true
    }
  }

  private mutating func end() throws {
    header.removeAll(keepingCapacity: true)
    guard source == .engine else { return }
    throw DockerError("the engine can't go on: \(String(decoding: failure, as: UTF8.self))")
  }
}
