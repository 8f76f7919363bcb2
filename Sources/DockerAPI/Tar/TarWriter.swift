/// Writes tar archives in the POSIX format: `ustar`, with extended headers for what does not fit in it.
package enum TarWriter {
  /// An archive of the entries, in their order.
  package static func archive(_ entries: [TarEntry]) -> [UInt8] {
    var archive: [UInt8] = []
    archive.reserveCapacity(entries.reduce(1024) { $0 + ($1.contents?.count ?? 0) + 1024 })
    for entry in entries { append(entry, to: &archive) }
    // The end is two blocks of zeros.
    archive.append(contentsOf: repeatElement(0, count: 2 * TarHeader.blockSize))
    return archive
  }

  private static func append(_ entry: TarEntry, to archive: inout [UInt8]) {
    let (type, link, contents): (UInt8, String, [UInt8])
    switch entry.kind {
    case .file(let bytes): (type, link, contents) = (UInt8(ascii: "0"), "", bytes)
    case .folder: (type, link, contents) = (UInt8(ascii: "5"), "", [])
    case .symbolicLink(let target): (type, link, contents) = (UInt8(ascii: "2"), target, [])
    case .hardLink(let target): (type, link, contents) = (UInt8(ascii: "1"), target, [])
    // Nothing is known of it that could be written.
    case .other: return
    }
    var path = entry.path.isEmpty ? "." : entry.path
    if type == UInt8(ascii: "5") { path += "/" }

    var extended: [(key: String, value: String)] = []
    if split(path) == nil { extended.append(("path", path)) }
    if link.utf8.count > TarHeader.linkName.count { extended.append(("linkpath", link)) }
    if octal(Int64(entry.user), TarHeader.user) == nil { extended.append(("uid", "\(entry.user)")) }
    if octal(Int64(entry.group), TarHeader.group) == nil { extended.append(("gid", "\(entry.group)")) }
    if octal(entry.modified, TarHeader.modified) == nil { extended.append(("mtime", "\(entry.modified)")) }
    if octal(Int64(contents.count), TarHeader.size) == nil { extended.append(("size", "\(contents.count)")) }
    if !extended.isEmpty {
      let records = extended.map(record).joined()
      let header = TarEntry.file("PaxHeaders/extended", Array(records.utf8))
      append(
        header: header, path: header.path, type: UInt8(ascii: "x"), link: "", size: records.utf8.count,
        to: &archive)
      append(contents: Array(records.utf8), to: &archive)
    }
    append(header: entry, path: path, type: type, link: link, size: contents.count, to: &archive)
    append(contents: contents, to: &archive)
  }

  private static func append(
    header entry: TarEntry, path: String, type: UInt8, link: String, size: Int, to archive: inout [UInt8]
  ) {
    var header = [UInt8](repeating: 0, count: TarHeader.blockSize)
    func put(_ text: some Sequence<UInt8>, _ field: Range<Int>) {
      for (index, byte) in zip(field, text) { header[index] = byte }
    }
    let (prefix, name) = split(path) ?? ("", path)
    put(name.utf8, TarHeader.name)
    put(prefix.utf8, TarHeader.prefix)
    put(link.utf8, TarHeader.linkName)
    // What does not fit is in the extended header, and the field is ignored.
    func put(number: Int64, _ field: Range<Int>) {
      put((octal(number, field) ?? octal(0, field) ?? "").utf8, field)
    }
    put(number: Int64(entry.mode & 0o7777), TarHeader.mode)
    put(number: Int64(entry.user), TarHeader.user)
    put(number: Int64(entry.group), TarHeader.group)
    put(number: Int64(size), TarHeader.size)
    put(number: entry.modified, TarHeader.modified)
    header[TarHeader.type] = type
    put("ustar".utf8, TarHeader.magic)
    put("00".utf8, TarHeader.version)
    put("\(padded(Int64(TarHeader.sum(of: header)), digits: 6))\0 ".utf8, TarHeader.checksum)
    archive += header
  }

  private static func append(contents: [UInt8], to archive: inout [UInt8]) {
    archive += contents
    archive.append(contentsOf: repeatElement(0, count: TarHeader.padding(after: contents.count)))
  }

  /// A path as the two fields of a header have it; `nil` if it fits in no way.
  private static func split(_ path: String) -> (prefix: String, name: String)? {
    if path.utf8.count <= TarHeader.name.count { return ("", path) }
    // The name is what comes after a slash; the last one is the folder's own.
    for slash in path.indices where path[slash] == "/" && path.index(after: slash) != path.endIndex {
      let prefix = path[..<slash]
      let name = path[path.index(after: slash)...]
      if prefix.utf8.count > TarHeader.prefix.count { return nil }
      if !prefix.isEmpty, name.utf8.count <= TarHeader.name.count { return (String(prefix), String(name)) }
    }
    return nil
  }

  /// A number as a field has it; `nil` if it does not fit.
  private static func octal(_ number: Int64, _ field: Range<Int>) -> String? {
    // One byte ends the field.
    let digits = field.count - 1
    guard number >= 0, number < 1 << (3 * Int64(digits)) else { return nil }
    return padded(number, digits: digits)
  }

  private static func padded(_ number: Int64, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// A record of an extended header. It begins with its own length, which counts its own digits.
  private static func record(_ key: String, _ value: String) -> String {
    let rest = " \(key)=\(value)\n"
    var length = rest.utf8.count
    while "\(length)\(rest)".utf8.count != length { length = "\(length)\(rest)".utf8.count }
    return "\(length)\(rest)"
  }
}
