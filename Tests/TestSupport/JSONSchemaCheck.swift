import Values

/// Holds values to a JSON Schema (draft 2020-12), as far as the schemas of this project go: a keyword that it does not know is
/// a mistake of the schema.
public struct JSONSchemaCheck: Sendable {
  /// The schema.
  public let root: Value

  private static let annotations: Set = [
    "$schema", "$id", "title", "description", "$defs", "default", "examples",
  ]

  /// A check by a schema.
  public init(_ schema: Value) { root = schema }

  /// What is wrong with a value, each with its path; empty if nothing is.
  ///
  /// - Parameter name: the definition (`$defs`) that the value must be; without one, the schema itself.
  public func problems(with value: Value, as name: String? = nil) -> [String] {
    guard let name else { return problems(value, root, "$") }
    guard let definition = root["$defs"]?[name] else { return ["there is no definition \(name)"] }
    return problems(value, definition, "$")
  }

  private func problems(_ value: Value, _ schema: Value, _ path: String) -> [String] {
    (schema.members ?? []).flatMap { keyword -> [String] in
      switch (keyword.key, keyword.value) {
      case (let key, _) where Self.annotations.contains(key): []
      case ("$ref", .string(let reference)):
        problems(value, definition(reference) ?? ["no": .string(reference)], path)
      case ("type", let type):
        (type.list ?? [type]).contains {
          $0.string == value.schemaType || $0 == "number" && value.schemaType == "integer"
        }
          ? [] : ["\(path) is a \(value.schemaType)"]
      case ("enum", .list(let values)):
        values.contains(value) ? [] : ["\(path) is \(value), which is none of \(values)"]
      case ("const", let constant): value == constant ? [] : ["\(path) is \(value) and not \(constant)"]
      case ("minimum", .int(let least)):
        (value.int ?? least) >= least ? [] : ["\(path) is less than \(least)"]
      case ("maximum", .int(let most)):
        (value.int ?? most) <= most ? [] : ["\(path) is more than \(most)"]
      case ("minLength", .int(let least)):
        (value.string?.unicodeScalars.count).map { $0 >= least } ?? true
          ? [] : ["\(path) is shorter than \(least)"]
      case ("pattern", .string(let pattern)):
        matches(value, pattern) ? [] : ["\(path) is not like \(pattern)"]
      case ("items", let items):
        (value.list ?? []).enumerated().flatMap { problems($1, items, "\(path)[\($0)]") }
      case ("required", .list(let keys)):
        keys.compactMap(\.string).filter { value.members != nil && value[$0] == nil }.map {
          "\(path) has no \($0)"
        }
      case ("properties", .map(let properties)):
        properties.flatMap { property in
          value[property.key].map { problems($0, property.value, "\(path).\(property.key)") } ?? []
        }
      case ("additionalProperties", let others):
        (value.members ?? []).filter { schema["properties"]?[$0.key] == nil }.flatMap { member in
          others == .bool(false)
            ? ["\(path) has \(member.key), which is not declared"]
            : problems(member.value, others, "\(path).\(member.key)")
        }
      case ("allOf", .list(let schemas)): schemas.flatMap { problems(value, $0, path) }
      case ("not", let other): problems(value, other, path).isEmpty ? ["\(path) is what it must not be"] : []
      case ("anyOf", .list(let schemas)): alternatives(value, schemas, path) { $0 > 0 }
      case ("oneOf", .list(let schemas)): alternatives(value, schemas, path) { $0 == 1 }
      default: ["the schema has \(keyword.key), which is not known here"]
      }
    }
  }

  private func alternatives(
    _ value: Value, _ schemas: [Value], _ path: String, _ isEnough: (Int) -> Bool
  ) -> [String] {
    let found = schemas.map { problems(value, $0, path) }
    if isEnough(found.count(where: \.isEmpty)) { return [] }
    // The one that fits best says the most.
    return ["\(path) fits \(found.count(where: \.isEmpty)) alternatives"]
      + (found.min { $0.count < $1.count } ?? [])
  }

  private func definition(_ reference: String) -> Value? {
    let prefix = "#/$defs/"
    guard reference.hasPrefix(prefix) else { return nil }
    return root["$defs"]?[String(reference.dropFirst(prefix.count))]
  }

  private func matches(_ value: Value, _ pattern: String) -> Bool {
    guard let text = value.string else { return true }
    return (try? Regex(pattern)).map { text.firstMatch(of: $0) != nil } ?? false
  }
}

extension Value {
  fileprivate var schemaType: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .int: "integer"
    case .string: "string"
    case .list: "array"
    case .map: "object"
    }
  }
}
