import Values

/// A block of HCL: `namespace "default" { policy = "read" … }`.
struct PolicyBlock: Sendable {
  var name: String
  var label: String?
  var attributes: [String: [String]] = [:]
  var blocks: [PolicyBlock] = []
}

/// Reads the rules of policies, as far as HCL is used for them: blocks, and attributes that are texts or lists of texts.
struct PolicyReader {
  struct Failure: Error { let text: String }

  private var words: ArraySlice<Word>

  private enum Word: Equatable {
    case name(String)
    case text(String)
    case sign(Character)
  }

  /// - Throws: ``Failure`` with what is wrong.
  static func read(_ rules: String) throws(Failure) -> [PolicyBlock] {
    var reader = PolicyReader(words: try words(rules)[...])
    return try reader.body(name: "", label: nil, until: nil).blocks
  }

  private static func words(_ rules: String) throws(Failure) -> [Word] {
    var words: [Word] = []
    var rest = rules[...]
    while let first = rest.first {
      if first.isWhitespace || first == "," {
        rest.removeFirst()
      } else if first == "#" || rest.hasPrefix("//") {
        rest = rest.drop { !$0.isNewline }
      } else if first == "\"" {
        guard let end = rest.dropFirst().firstIndex(of: "\"") else {
          throw Failure(text: "a text does not end")
        }
        words.append(.text(String(rest[rest.index(after: rest.startIndex)..<end])))
        rest = rest[rest.index(after: end)...]
      } else if "{}[]=".contains(first) {
        words.append(.sign(first))
        rest.removeFirst()
      } else {
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        guard !name.isEmpty else { throw Failure(text: "\(first) makes no sense") }
        words.append(.name(String(name)))
        rest = rest.dropFirst(name.count)
      }
    }
    return words
  }

  private mutating func body(name: String, label: String?, until end: Word?) throws(Failure) -> PolicyBlock {
    var block = PolicyBlock(name: name, label: label)
    while let word = words.popFirst() {
      if word == end { return block }
      guard case .name(let key) = word else { throw Failure(text: "a name is missing") }
      switch words.popFirst() {
      case .sign("="): block.attributes[key] = try value()
      case .sign("{"): block.blocks.append(try body(name: key, label: nil, until: .sign("}")))
      case .text(let label):
        guard words.popFirst() == .sign("{") else { throw Failure(text: "a { is missing") }
        block.blocks.append(try body(name: key, label: label, until: .sign("}")))
      default: throw Failure(text: "\(key) stands alone")
      }
    }
    guard end == nil else { throw Failure(text: "a } is missing") }
    return block
  }

  private mutating func value() throws(Failure) -> [String] {
    switch words.popFirst() {
    case .text(let text): return [text]
    case .sign("["):
      var texts: [String] = []
      while let word = words.popFirst() {
        if word == .sign("]") { return texts }
        guard case .text(let text) = word else { throw Failure(text: "a text is missing") }
        texts.append(text)
      }
      throw Failure(text: "a ] is missing")
    default: throw Failure(text: "a value is missing")
    }
  }
}
