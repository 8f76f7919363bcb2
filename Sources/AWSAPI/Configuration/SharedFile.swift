import UserFiles
import Wire

/// A file of AWS's tools: sections with settings.
struct SharedFile: Sendable {
  /// The settings of each section, by the section's whole name: `profile prod`.
  private(set) var sections: [String: [String: String]] = [:]
  /// Where it is.
  let path: String

  /// The size of the largest file: 1 MiB.
  private static let maximumSize = 1 << 20

  /// Reads a file; where there is none, it is empty.
  ///
  /// - Throws: ``AWSError`` if it can't be read.
  init(at path: String) throws(AWSError) {
    self.path = path
    let bytes: [UInt8]
    do throws(UserFileError) { bytes = try UserFile.bytes(of: path, atMost: Self.maximumSize) } catch {
      guard error.isMissing else { throw AWSError(error.message, help: error.help) }
      return
    }
    parse(String(decoding: bytes, as: UTF8.self))
  }

  /// Reads text, as a file would have it.
  init(_ text: String, path: String) {
    self.path = path
    parse(text)
  }

  private mutating func parse(_ text: String) {
    var section: String?
    for line in text.split(whereSeparator: \.isNewline) {
      // What is indented belongs to a setting that only some tools know.
      guard let first = line.first, first != " ", first != "\t", first != "#", first != ";" else { continue }
      if first == "[" {
        section = line.firstIndex(of: "]").map { Self.section(named: line[..<$0].dropFirst()) }
        if let section, sections[section] == nil { sections[section] = [:] }
        continue
      }
      guard let section, let equals = line.firstIndex(of: "=") else { continue }
      let name = String(line[..<equals]).trimmed.lowercased()
      var value = String(line[line.index(after: equals)...]).trimmed
      // A comment begins after a blank.
      for mark in [" #", " ;", "\t#", "\t;"] {
        if let range = value.firstRange(of: mark) { value = String(value[..<range.lowerBound]).trimmed }
      }
      sections[section]?[name] = value
    }
  }

  /// The name of a section with one blank between its kind and its own name, which may stand in quotes.
  private static func section(named text: Substring) -> String {
    let words = String(text).trimmed.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    var name = words.last.map { String($0).trimmed } ?? ""
    if name.count >= 2, name.first == "\"", name.last == "\"" { name = String(name.dropFirst().dropLast()) }
    return words.count == 2 ? "\(words[0]) \(name)" : name
  }
}
