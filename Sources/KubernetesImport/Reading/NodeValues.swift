import YAMLNodes

extension Node {
  /// The value under a key, unless nothing stands there.
  func stated(_ key: String) -> Node? {
    guard let value = self[key], !value.isNull else { return nil }
    return value
  }

  var scalar: String? { kind == .scalar && !isNull ? text : nil }

  /// Whether nothing is in it.
  var isEmpty: Bool {
    isNull || (kind == .sequence && elements.isEmpty) || (kind == .mapping && members.isEmpty)
  }

  /// The elements of the list under a key; a list that is not there is empty.
  func list(_ key: String) -> [Node] { stated(key)?.elements ?? [] }

  /// The texts of the list under a key.
  func texts(_ key: String) -> [String] { list(key).compactMap(\.scalar) }

  /// The texts under the keys of the mapping under a key.
  func map(_ key: String) -> [(key: String, value: Node)] {
    (stated(key)?.members ?? []).map { ($0.key.text, $0.value) }
  }

  /// What a number without quotes means: digits that start with `0` are octal ones.
  var octalOrDecimal: UInt32? {
    guard let scalar else { return nil }
    if scalar.hasPrefix("0o") { return UInt32(scalar.dropFirst(2), radix: 8) }
    return UInt32(scalar, radix: scalar.hasPrefix("0") ? 8 : 10)
  }

  /// A truth value, by the words that YAML 1.1 has for it.
  var truth: Bool? {
    switch scalar?.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    default: nil
    }
  }
}
