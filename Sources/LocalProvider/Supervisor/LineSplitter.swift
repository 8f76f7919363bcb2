/// Cuts a stream of bytes into lines.
struct LineSplitter {
  /// How many bytes a line may have; what is longer is cut into several.
  static let maximumLength = 16 * 1024

  private var rest: [UInt8] = []

  /// Takes bytes, and gives every line that they complete, without its line break.
  mutating func append(_ bytes: some Sequence<UInt8>, _ line: ([UInt8]) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        take(line)
      } else {
        // Only what goes beyond the limit cuts a line.
        if rest.count == Self.maximumLength { take(line) }
        rest.append(byte)
      }
    }
  }

  /// Gives what is left when the stream has ended without a line break.
  mutating func finish(_ line: ([UInt8]) -> Void) {
    if !rest.isEmpty { take(line) }
  }

  private mutating func take(_ line: ([UInt8]) -> Void) {
    line(rest)
    rest.removeAll(keepingCapacity: rest.capacity <= 1024)
  }
}
