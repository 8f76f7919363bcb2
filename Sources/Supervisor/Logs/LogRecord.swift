import Values

/// A line of a log file: milliseconds since 1970, `o` for standard output or `e` for standard error, and what was
/// written, byte by byte, each separated by one space. `O` and `E` say that the service's line goes on in the next line
/// of the same stream. An empty line says that nothing goes on.
///
///     1763693220123 o listening on 127.0.0.1:20417
package struct LogRecord: Equatable {
  /// When it was written.
  package let at: Timestamp
  /// Whether it was written to standard error.
  package let isError: Bool
  /// What was written.
  package let bytes: [UInt8]
  /// Whether it is a part of a line that goes on.
  package let goesOn: Bool

  /// Appends a line in the form of the file.
  static func write(
    _ written: [UInt8], at: Timestamp, isError: Bool, goesOn: Bool = false, into bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: String(at.milliseconds).utf8)
    bytes.append(UInt8(ascii: " "))
    let stream = UInt8(ascii: isError ? "e" : "o")
    bytes.append(goesOn ? stream & ~caseBit : stream)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: written)
    bytes.append(UInt8(ascii: "\n"))
  }

  /// What makes a small letter of a capital one.
  private static let caseBit: UInt8 = 0x20

  /// Reads a line; `nil` if it is none, such as one that a crash cut off.
  package init?(line: some Collection<UInt8>) {
    let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let milliseconds = Int64(String(decoding: parts[0], as: UTF8.self)),
      parts[1].count == 1, let mark = parts[1].first
    else { return nil }
    switch mark | Self.caseBit {
    case UInt8(ascii: "o"): isError = false
    case UInt8(ascii: "e"): isError = true
    default: return nil
    }
    at = Timestamp(milliseconds: milliseconds)
    goesOn = mark & Self.caseBit == 0
    bytes = Array(parts[2])
  }
}
