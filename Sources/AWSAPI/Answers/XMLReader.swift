/// Reads a document of XML.
struct XMLReader {
  private let bytes: [UInt8]
  private var place = 0

  /// What is nested deeper is no answer of a service.
  private static let maximumDepth = 64

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The document's element; `nil` if it is not well-formed.
  mutating func document() -> AnswerElement? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    guard skipMisc(), let root = element(depth: 0), skipMisc(), place == bytes.count else { return nil }
    return root
  }

  // MARK: Elements

  private mutating func element(depth: Int) -> AnswerElement? {
    guard depth < Self.maximumDepth, take("<"), let name = name() else { return nil }
    guard let isEmpty = attributes() else { return nil }
    var element = AnswerElement(name: Self.local(name))
    if isEmpty { return element }
    var text: [UInt8] = []
    while place < bytes.count {
      if starts("</") {
        place += 2
        guard self.name() == name else { return nil }
        skipBlanks()
        guard take(">") else { return nil }
        // Text beside elements is only how a document is laid out.
        if element.children.isEmpty { element.text = Self.trimmed(text) }
        return element
      }
      if starts("<![CDATA[") {
        place += 9
        guard let end = find("]]>") else { return nil }
        text += bytes[place..<end]
        place = end + 3
      } else if starts("<!--") || starts("<?") {
        guard skipAside() else { return nil }
      } else if bytes[place] == UInt8(ascii: "<") {
        guard let child = self.element(depth: depth + 1) else { return nil }
        element.children.append(child)
      } else {
        guard let piece = characters(until: UInt8(ascii: "<")) else { return nil }
        text += piece
      }
    }
    return nil
  }

  /// Reads over the attributes of a tag, and its end.
  ///
  /// - Returns: whether the element has no end of its own; `nil` if the tag is none.
  private mutating func attributes() -> Bool? {
    while true {
      let before = place
      skipBlanks()
      if take(">") { return false }
      if starts("/>") {
        place += 2
        return true
      }
      guard place > before, name() != nil else { return nil }
      skipBlanks()
      guard take("=") else { return nil }
      skipBlanks()
      guard place < bytes.count else { return nil }
      let quote = bytes[place]
      guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
      place += 1
      guard characters(until: quote) != nil, place < bytes.count else { return nil }
      place += 1
    }
  }

  private mutating func name() -> String? {
    let start = place
    while place < bytes.count, Self.isOfName(bytes[place]) { place += 1 }
    guard place > start, !Self.isDigit(bytes[start]) else { return nil }
    return String(validating: bytes[start..<place], as: UTF8.self)
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...:
      true
    default: isDigit(byte)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// A name without the prefix of its language.
  private static func local(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }

  // MARK: Text

  /// What stands before a byte, with what `&…;` stands for; the byte itself is left.
  private mutating func characters(until end: UInt8) -> [UInt8]? {
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != end {
      let byte = bytes[place]
      if byte == UInt8(ascii: "<") { return nil }
      guard byte == UInt8(ascii: "&") else {
        text.append(byte)
        place += 1
        continue
      }
      guard let semicolon = bytes[place...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
        let character = Self.character(String(decoding: bytes[(place + 1)..<semicolon], as: UTF8.self))
      else { return nil }
      text += Array(String(character).utf8)
      place = semicolon + 1
    }
    return text
  }

  private static func character(_ reference: String) -> Unicode.Scalar? {
    switch reference {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    if reference.hasPrefix("#x") {
      return UInt32(reference.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    }
    return reference.hasPrefix("#") ? UInt32(reference.dropFirst()).flatMap(Unicode.Scalar.init) : nil
  }

  private static func trimmed(_ bytes: [UInt8]) -> String {
    let start = bytes.firstIndex { !isBlank($0) } ?? bytes.count
    let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  // MARK: What is read over

  /// Reads over white space, comments and instructions.
  private mutating func skipMisc() -> Bool {
    while true {
      skipBlanks()
      guard starts("<!--") || starts("<?") else { return true }
      guard skipAside() else { return false }
    }
  }

  private mutating func skipAside() -> Bool {
    let end = starts("<?") ? "?>" : "-->"
    place += end == "?>" ? 2 : 4
    guard let found = find(end) else { return false }
    place = found + end.utf8.count
    return true
  }

  private mutating func skipBlanks() { while place < bytes.count, Self.isBlank(bytes[place]) { place += 1 } }

  private mutating func take(_ text: StaticString) -> Bool {
    guard place < bytes.count, bytes[place] == text.utf8Start.pointee else { return false }
    place += 1
    return true
  }

  private func starts(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  private func find(_ text: String) -> Int? {
    let wanted = Array(text.utf8)
    var index = place
    while index + wanted.count <= bytes.count {
      if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) { return index }
      index += 1
    }
    return nil
  }
}
