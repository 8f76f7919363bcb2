#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of control groups.
package enum GroupFile {
  /// Writes a setting.
  static func write(_ text: String, to path: String) throws(SystemError) {
    let descriptor = try Files.open(path, O_WRONLY)
    defer { close(descriptor) }
    try Files.writeAll(text.utf8, to: descriptor, of: path)
  }

  /// What a file says; empty if it can't be read.
  static func text(_ path: String) -> String {
    String(decoding: (try? Files.read(path)).flatMap { $0 } ?? [], as: UTF8.self)
  }

  package static func words(_ path: String) -> [String] {
    text(path).split { $0 == " " || $0 == "\n" }.map(String.init)
  }

  /// The number that a file consists of.
  package static func number(_ path: String) -> UInt64? { words(path).first.flatMap { UInt64($0) } }

  /// The number behind a word, in a file with such a pair on each line.
  static func number(of word: String, in path: String) -> UInt64? {
    for line in text(path).split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 2, parts[0] == word { return UInt64(parts[1]) }
    }
    return nil
  }
}
