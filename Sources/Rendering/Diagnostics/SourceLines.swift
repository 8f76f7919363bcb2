import Diagnostics

/// The lines of source files, found once per file: a file with thousands of mistakes is not read from its
/// beginning for each of them.
struct SourceLines {
  private var starts: [ObjectIdentifier: [Int]] = [:]

  /// The text of a line, without its line break; empty past the end.
  mutating func line(_ number: Int, of file: SourceFile) -> String {
    let starts = starts(of: file)
    guard starts.indices.contains(number - 1) else { return "" }
    let bytes = file.bytes
    var start = starts[number - 1]
    var end = number < starts.count ? starts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  private mutating func starts(of file: SourceFile) -> [Int] {
    if let known = starts[ObjectIdentifier(file)] { return known }
    var found = [0]
    for (index, byte) in file.bytes.enumerated() where byte == UInt8(ascii: "\n") { found.append(index + 1) }
    starts[ObjectIdentifier(file)] = found
    return found
  }
}
