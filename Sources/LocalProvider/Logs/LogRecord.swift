import Planning

/// A line of a log file: milliseconds since 1970, `o` for standard output or `e` for standard error, and the
/// text as it was written, each separated by one space.
///
///     1763693220123 o listening on 127.0.0.1:20417
struct LogRecord: Equatable {
  /// When it was written.
  let at: Timestamp
  /// Whether it was written to standard error.
  let isError: Bool
  /// The text.
  let text: String

  /// Appends a line in the form of the file.
  static func write(_ text: [UInt8], at: Timestamp, isError: Bool, into bytes: inout [UInt8]) {
    bytes.append(contentsOf: String(at.milliseconds).utf8)
    bytes.append(contentsOf: isError ? " e ".utf8 : " o ".utf8)
    bytes.append(contentsOf: text)
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Reads a line; `nil` if it is none, such as one that a crash cut off.
  init?(line: some Collection<UInt8>) {
    let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let milliseconds = Int64(String(decoding: parts[0], as: UTF8.self)),
      parts[1].count == 1, let stream = parts[1].first,
      stream == UInt8(ascii: "o") || stream == UInt8(ascii: "e")
    else { return nil }
    at = Timestamp(milliseconds: milliseconds)
    isError = stream == UInt8(ascii: "e")
    text = String(decoding: parts[2], as: UTF8.self)
  }
}
