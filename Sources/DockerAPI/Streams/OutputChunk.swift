/// A piece of what a container, or a command in one, wrote.
package struct OutputChunk: Sendable, Equatable {
  /// Where it was written to.
  package enum Stream: UInt8, Sendable {
    /// Standard output, or the terminal.
    case output = 1
    /// Standard error.
    case error = 2
  }

  /// Where it was written to.
  package let stream: Stream
  /// The bytes, as they came.
  package let bytes: [UInt8]
  /// Whether the engine began a message here.
  let beginsMessage: Bool

  package init(stream: Stream, bytes: [UInt8]) {
    self.init(stream: stream, bytes: bytes, beginsMessage: true)
  }

  init(stream: Stream, bytes: [UInt8], beginsMessage: Bool) {
    self.stream = stream
    self.bytes = bytes
    self.beginsMessage = beginsMessage
  }
}
