import Values

/// A message or a record that is not what it should be.
package struct MalformedMessage: Error, CustomStringConvertible {
  /// What is wrong with it.
  package let description: String

  /// Says what is wrong.
  package init(_ description: String) { self.description = description }
}

extension Value {
  // MARK: Reading

  /// The value under a key, which must be there.
  func member(_ key: String) throws(MalformedMessage) -> Value {
    guard let value = self[key] else { throw MalformedMessage("`\(key)` is missing") }
    return value
  }

  /// The text under a key.
  package func text(_ key: String) throws(MalformedMessage) -> String {
    guard let text = try member(key).string else { throw MalformedMessage("`\(key)` is not a text") }
    return text
  }

  /// The whole number under a key.
  func number(_ key: String) throws(MalformedMessage) -> Int64 {
    guard let number = try member(key).int else { throw MalformedMessage("`\(key)` is not a number") }
    return number
  }

  /// The truth value under a key.
  func truth(_ key: String) throws(MalformedMessage) -> Bool {
    guard let truth = try member(key).bool else {
      throw MalformedMessage("`\(key)` is neither true nor false")
    }
    return truth
  }

  /// What the text under a key stands for.
  ///
  /// - Parameter what: what it must be: `restart policy`.
  func word<Word: RawRepresentable<String>>(
    _ key: String, _ what: String
  ) throws(MalformedMessage) -> Word {
    guard let word = Word(rawValue: try text(key)) else { throw MalformedMessage("an unknown \(what)") }
    return word
  }

  /// The list under a key.
  func elements(_ key: String) throws(MalformedMessage) -> [Value] {
    guard let elements = try member(key).list else { throw MalformedMessage("`\(key)` is not a list") }
    return elements
  }

  /// What the elements of the list under a key stand for.
  func elements<Element>(
    _ key: String, _ read: (Value) throws(MalformedMessage) -> Element
  ) throws(MalformedMessage) -> [Element] {
    var elements: [Element] = []
    for element in try self.elements(key) { elements.append(try read(element)) }
    return elements
  }

  /// The texts of the list under a key.
  func texts(_ key: String) throws(MalformedMessage) -> [String] {
    try elements(key) { (element) throws(MalformedMessage) in
      guard let text = element.string else { throw MalformedMessage("`\(key)` is not a list of texts") }
      return text
    }
  }

  /// The bytes under a key, which need not be text.
  func bytes(_ key: String) throws(MalformedMessage) -> [UInt8] {
    try Self.bytes(ofHex: try text(key))
  }

  /// Reads what `Hex.lower` wrote.
  static func bytes(ofHex text: String) throws(MalformedMessage) -> [UInt8] {
    guard let bytes = Hex.bytes(text) else { throw MalformedMessage("bytes that are not hexadecimal") }
    return bytes
  }

  /// The members that are texts.
  package var textMembers: [String: String] {
    (members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.string }
  }

  // MARK: Writing

  static func texts(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

  /// Texts under keys, ordered by key.
  package static func texts(_ texts: [String: String]) -> Value {
    .map(texts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
  }
}
