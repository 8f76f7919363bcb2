/// Reads tar archives in the POSIX and GNU formats.
///
/// An archive is not trusted: whatever is in it, reading it ends with entries or an error,
/// takes no more memory than the archive itself, and gives no path that leads out of the folder it is unpacked in.
package enum TarReader {
  /// The entries of an archive, in its order.
  ///
  /// - Throws: ``DockerError`` if it is damaged, cut off or dangerous.
  package static func entries(of archive: [UInt8]) throws -> [TarEntry] {
    var reader = Reader(archive: archive)
    var entries: [TarEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }
}

private struct Reader {
  private let archive: [UInt8]
  private var position = 0
  /// What extended headers say of the next entry.
  private var extended = Extension()

  private struct Extension {
    var path: String?
    var link: String?
    var size: Int64?
    var user: Int64?
    var group: Int64?
    var modified: Int64?
  }

  init(archive: [UInt8]) { self.archive = archive }

  mutating func next() throws -> TarEntry? {
    while position < archive.count {
      guard archive.count - position >= TarHeader.blockSize else { throw damaged("it is cut off") }
      let header = archive[position..<position + TarHeader.blockSize]
      // The end is marked by zeros; whatever follows is padding.
      if header.allSatisfy({ $0 == 0 }) { return nil }
      guard number(in: TarHeader.checksum) == Int64(TarHeader.sum(of: header)) else {
        throw damaged("a checksum is wrong")
      }
      let type = archive[position + TarHeader.type]
      let size = try size(of: type)
      let fields = position
      position += TarHeader.blockSize
      let contents = try take(size)
      switch type {
      case UInt8(ascii: "x"): try readRecords(contents)
      case UInt8(ascii: "g"): break
      case UInt8(ascii: "L"): extended.path = text(contents)
      case UInt8(ascii: "K"): extended.link = text(contents)
      default:
        defer { extended = Extension() }
        return try entry(at: fields, type: type, contents: contents)
      }
    }
    guard position == 0 else { throw damaged("its end is missing") }
    return nil
  }

  private func entry(at fields: Int, type: UInt8, contents: ArraySlice<UInt8>) throws -> TarEntry {
    let link = extended.link ?? text(at: fields, TarHeader.linkName)
    let kind: TarEntry.Kind
    switch type {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = .file(Array(contents))
    case UInt8(ascii: "5"): kind = .folder
    case UInt8(ascii: "2"): kind = .symbolicLink(to: link)
    case UInt8(ascii: "1"): kind = .hardLink(to: try safe(link))
    default: kind = .other
    }
    return TarEntry(
      path: try safe(extended.path ?? path(at: fields)), kind: kind,
      mode: UInt32(try required(TarHeader.mode, at: fields) & 0o7777),
      user: Int(try extended.user ?? required(TarHeader.user, at: fields)),
      group: Int(try extended.group ?? required(TarHeader.group, at: fields)),
      modified: try extended.modified ?? required(TarHeader.modified, at: fields))
  }

  // MARK: Contents

  private func size(of type: UInt8) throws -> Int {
    // Links, folders and devices have no contents, whatever their size says.
    if (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) { return 0 }
    let own = type == UInt8(ascii: "x") || type == UInt8(ascii: "g")
    guard let size = (own ? nil : extended.size) ?? number(in: TarHeader.size), size >= 0 else {
      throw damaged("a size is no number")
    }
    guard size <= archive.count - position - TarHeader.blockSize else { throw damaged("it is cut off") }
    return Int(size)
  }

  private mutating func take(_ size: Int) throws -> ArraySlice<UInt8> {
    let contents = archive[position..<position + size]
    position += size
    let padding = TarHeader.padding(after: size)
    guard archive.count - position >= padding else { throw damaged("it is cut off") }
    position += padding
    return contents
  }

  /// Reads `length key=value` records.
  private mutating func readRecords(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      guard let blank = rest.firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<blank], as: UTF8.self)),
        length > blank - rest.startIndex, length <= rest.count
      else { throw damaged("an extended header makes no sense") }
      let record = rest[(blank + 1)..<(rest.startIndex + length)]
      rest = rest[(rest.startIndex + length)...]
      guard record.last == UInt8(ascii: "\n"), let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
        throw damaged("an extended header makes no sense")
      }
      let value = String(decoding: record[(equals + 1)...].dropLast(), as: UTF8.self)
      // No path has one, and what would read it as a path would read half of it.
      guard !value.utf8.contains(0) else { throw damaged("an extended header makes no sense") }
      switch String(decoding: record[..<equals], as: UTF8.self) {
      case "path": extended.path = value
      case "linkpath": extended.link = value
      case "size": extended.size = try number(value)
      case "uid": extended.user = try number(value)
      case "gid": extended.group = try number(value)
      // A fraction of a second is left out.
      case "mtime": extended.modified = try number(String(value.prefix { $0 != "." }))
      default: break
      }
    }
  }

  private func number(_ text: String) throws -> Int64 {
    guard let number = Int64(text) else { throw damaged("an extended header makes no sense") }
    return number
  }

  // MARK: Fields

  /// The path without what makes no difference.
  private func safe(_ path: String) throws -> String {
    guard !path.hasPrefix("/") else { throw damaged("it holds the absolute path \(path.debugDescription)") }
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else {
      throw damaged("it holds the path \(path.debugDescription), which leads out of it")
    }
    return parts.joined(separator: "/")
  }

  private func path(at header: Int) -> String {
    let name = text(at: header, TarHeader.name)
    // Only the POSIX format has a prefix; the GNU format has other things there.
    let magic = archive[(header + TarHeader.magic.lowerBound)..<(header + TarHeader.magic.upperBound)]
    let prefix = magic.elementsEqual("ustar\0".utf8) ? text(at: header, TarHeader.prefix) : ""
    return prefix.isEmpty ? name : prefix + "/" + name
  }

  private func text(at header: Int, _ field: Range<Int>) -> String {
    text(archive[(header + field.lowerBound)..<(header + field.upperBound)])
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private func required(_ field: Range<Int>, at header: Int) throws -> Int64 {
    guard let number = number(in: field, at: header) else { throw damaged("a number is none") }
    return number
  }

  private func number(in field: Range<Int>) -> Int64? { number(in: field, at: position) }

  /// A number in octal digits, or in the GNU format, with the first bit set, in binary.
  private func number(in field: Range<Int>, at header: Int) -> Int64? {
    let bytes = archive[(header + field.lowerBound)..<(header + field.upperBound)]
    if let first = bytes.first, first & 0x80 != 0 {
      var number = Int64(first & 0x7f)
      for byte in bytes.dropFirst() {
        guard number < 1 << 55 else { return nil }
        number = number << 8 | Int64(byte)
      }
      return number
    }
    let digits = bytes.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
    if digits.isEmpty { return 0 }
    return Int64(String(decoding: digits, as: UTF8.self), radix: 8)
  }

  private func damaged(_ reason: String) -> DockerError {
    DockerError("the archive can't be read: \(reason)")
  }
}
