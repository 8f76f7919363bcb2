import Values

/// A record or message that is not what it should be.
struct MalformedRecord: Error, CustomStringConvertible {
  /// What is wrong with it.
  let description: String

  init(_ description: String) { self.description = description }
}

extension Value {
  /// The value under a key, which must be there.
  func member(_ key: String) throws(MalformedRecord) -> Value {
    guard let value = self[key] else { throw MalformedRecord("`\(key)` is missing") }
    return value
  }

  /// The text under a key.
  func text(_ key: String) throws(MalformedRecord) -> String {
    guard let text = try member(key).string else { throw MalformedRecord("`\(key)` is not a text") }
    return text
  }

  /// The whole number under a key.
  func number(_ key: String) throws(MalformedRecord) -> Int64 {
    guard let number = try member(key).int else { throw MalformedRecord("`\(key)` is not a number") }
    return number
  }

  /// The truth value under a key.
  func truth(_ key: String) throws(MalformedRecord) -> Bool {
    guard let truth = try member(key).bool else {
      throw MalformedRecord("`\(key)` is neither true nor false")
    }
    return truth
  }

  /// The list under a key.
  func elements(_ key: String) throws(MalformedRecord) -> [Value] {
    guard let elements = try member(key).list else { throw MalformedRecord("`\(key)` is not a list") }
    return elements
  }

  /// The texts of the list under a key.
  func texts(_ key: String) throws(MalformedRecord) -> [String] {
    var texts: [String] = []
    for element in try elements(key) {
      guard let text = element.string else { throw MalformedRecord("`\(key)` is not a list of texts") }
      texts.append(text)
    }
    return texts
  }
}
