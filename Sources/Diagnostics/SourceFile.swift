/// A text that was read: where it came from, and its bytes, kept so that a diagnostic can show a line.
public final class SourceFile: Sendable {
  /// The path as the user gave it, or `<stdin>`.
  public let name: String
  /// The bytes as they were read.
  public let bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// Makes a source of a text under the name that diagnostics show.
  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The text of a line, without its line break; `nil` past the end.
  ///
  /// - Parameter number: counted from 1.
  public func line(_ number: Int) -> String? {
    var start = 0
    var current = 1
    while current < number {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      start = end + 1
      current += 1
    }
    guard start < bytes.count || number == 1 else { return nil }
    var end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }
}
