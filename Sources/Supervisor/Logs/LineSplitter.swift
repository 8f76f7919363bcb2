/// Cuts a stream of bytes into lines, and long lines into parts.
struct LineSplitter {
  /// How many bytes a part may have: that much is kept in memory for each stream.
  static let maximumLength = 16 * 1024

  private var rest: [UInt8] = []

  /// Takes bytes, and gives every line that they complete, without its line break, and every part that is full, with
  /// whether its line goes on.
  mutating func append(_ bytes: some Sequence<UInt8>, _ part: ([UInt8], _ goesOn: Bool) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        take(goesOn: false, part)
      } else {
        // Only what goes beyond the limit cuts a line.
        if rest.count == Self.maximumLength { take(goesOn: true, part) }
        rest.append(byte)
      }
    }
  }

  /// Gives what is left when the stream has ended without a line break.
  mutating func finish(_ part: ([UInt8], _ goesOn: Bool) -> Void) {
    if !rest.isEmpty { take(goesOn: false, part) }
  }

  private mutating func take(goesOn: Bool, _ part: ([UInt8], _ goesOn: Bool) -> Void) {
    part(rest, goesOn)
    rest.removeAll(keepingCapacity: rest.capacity <= 1024)
  }
}
