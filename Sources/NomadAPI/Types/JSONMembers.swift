import Values

/// What members of an object say. Agents leave out what is empty, or write `null`.
extension JSON {
  func text(_ key: String) -> String { self[key]?.string ?? "" }
  func flag(_ key: String) -> Bool { self[key]?.bool ?? false }
  func number(_ key: String) -> Int { self[key]?.int.flatMap { Int(exactly: $0) } ?? 0 }
  func state(_ key: String) -> UInt64 { self[key]?.int.flatMap { UInt64(exactly: $0) } ?? 0 }
  func elements(_ key: String) -> [JSON] { self[key]?.array ?? [] }
  func texts(_ key: String) -> [String] { elements(key).compactMap(\.string) }
  func strings(_ key: String) -> [String: String] { self[key]?.strings ?? [:] }

  func counts(_ key: String) -> [String: Int] {
    var counts: [String: Int] = [:]
    for member in self[key]?.members ?? [] {
      counts[member.key] = member.value.int.flatMap { Int(exactly: $0) }
    }
    return counts
  }

  /// What stands under each key of an object.
  func each<Value>(_ key: String, _ read: (JSON) -> Value) -> [String: Value] {
    var values: [String: Value] = [:]
    for member in self[key]?.members ?? [] { values[member.key] = read(member.value) }
    return values
  }

  /// A moment in text; `nil` for none and for Go's zero, which stands for none.
  func time(_ key: String) -> ServerTime? {
    guard let text = self[key]?.string, !text.hasPrefix("0001-01-01") else { return nil }
    return ServerTime(text)
  }

  /// A moment in nanoseconds since 1970; `nil` for none and for 0, which stands for none.
  func moment(_ key: String) -> ServerTime? {
    guard let nanoseconds = self[key]?.int, nanoseconds > 0 else { return nil }
    return ServerTime(
      seconds: nanoseconds / 1_000_000_000, nanoseconds: Int(nanoseconds % 1_000_000_000))
  }

  /// A number that may have a fraction.
  func decimal(_ key: String) -> Double {
    switch self[key] {
    case .int(let number): Double(number)
    case .number(let text): Double(text) ?? 0
    default: 0
    }
  }
}
