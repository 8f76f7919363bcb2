import Values

/// Decodes types from a tree of JSON.
///
/// An inspected container takes it two thirds of the instructions that Foundation's decoder takes. The place of an error is put
/// together on its way up: what can be decoded costs no place.
struct JSONDecoding: Decoder {
  let json: JSON

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = json else { throw mismatch([String: JSON].self, "an object") }
    return KeyedDecodingContainer(Members(members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = json else { throw mismatch([JSON].self, "an array") }
    return Elements(elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  private func mismatch(_ type: any Any.Type, _ wanted: String) -> DecodingError {
    let context = DecodingError.Context(codingPath: [], debugDescription: "it is not \(wanted)")
    return json.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }
}

// MARK: Single values

extension JSONDecoding: SingleValueDecodingContainer {
  func decodeNil() -> Bool { json.isNull }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let truth) = json else { throw mismatch(type, "true or false") }
    return truth
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .string(let text) = json else { throw mismatch(type, "a text") }
    return text
  }

  func decode(_ type: Double.Type) throws -> Double {
    switch json {
    case .int(let number): return Double(number)
    case .number(let text): if let number = Double(text) { return number }
    default: break
    }
    throw mismatch(type, "a number")
  }

  func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }

  func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number {
    switch json {
    case .int(let number): if let number = Number(exactly: number) { return number }
    case .number(let text): if let number = Number(text) { return number }
    default: break
    }
    throw mismatch(type, "a whole number that fits")
  }
}

// MARK: Objects

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [JSON.Member]

  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

  private func value(_ key: Key) -> JSON? {
    let name = key.stringValue
    // Most keys are of another length, which is seen at once.
    return members.first { $0.key.utf8.count == name.utf8.count && $0.key == name }?.value
  }

  private func required(_ key: Key) throws -> JSON {
    guard let value = value(key) else {
      throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: ""))
    }
    return value
  }

  func contains(_ key: Key) -> Bool { value(key) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try required(key).isNull }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    let value = try required(key)
    return try below(key) { try Value(from: JSONDecoding(json: value)) }
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard let value = value(key), !value.isNull else { return nil }
    return try below(key) { try Value(from: JSONDecoding(json: value)) }
  }

  func nestedContainer<Inner>(
    keyedBy type: Inner.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Inner> {
    try superDecoder(forKey: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try superDecoder(forKey: key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { JSONDecoding(json: .object(members)) }

  func superDecoder(forKey key: Key) throws -> any Decoder { JSONDecoding(json: try required(key)) }
}

// MARK: Arrays

private struct Elements: UnkeyedDecodingContainer {
  let elements: [JSON]
  private(set) var currentIndex = 0

  init(elements: [JSON]) { self.elements = elements }

  var codingPath: [any CodingKey] { [] }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  private func current() throws -> JSON {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        JSON.self, .init(codingPath: [], debugDescription: "an element is missing"))
    }
    return elements[currentIndex]
  }

  mutating func decodeNil() throws -> Bool {
    guard try current().isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let element = try current()
    let value = try below(Index(intValue: currentIndex)) { try Value(from: JSONDecoding(json: element)) }
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    try superDecoder().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try superDecoder().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder {
    defer { currentIndex += 1 }
    return JSONDecoding(json: try current())
  }

  /// The place of an element, for errors.
  private struct Index: CodingKey {
    let index: Int

    var stringValue: String { "\(index)" }
    var intValue: Int? { index }

    init(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }
  }
}

// MARK: Places

/// Runs something for what stands under a key, which errors name.
private func below<Result>(_ key: some CodingKey, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as DecodingError {
    throw error.below(key)
  }
}

extension DecodingError {
  fileprivate func below(_ key: any CodingKey) -> DecodingError {
    func placed(_ context: Context) -> Context {
      Context(
        codingPath: [key] + context.codingPath, debugDescription: context.debugDescription,
        underlyingError: context.underlyingError)
    }
    return switch self {
    case .keyNotFound(let missing, let context): .keyNotFound(missing, placed(context))
    case .typeMismatch(let type, let context): .typeMismatch(type, placed(context))
    case .valueNotFound(let type, let context): .valueNotFound(type, placed(context))
    case .dataCorrupted(let context): .dataCorrupted(placed(context))
    @unknown default: self
    }
  }
}
