import Values
import WorkloadSpec

extension JSON {
  /// A list of texts.
  package static func texts(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }

  /// Texts under keys, ordered by key.
  package static func texts(_ texts: [String: String]) -> JSON {
    .object(texts.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
  }

  /// Texts under keys.
  package static func texts(_ map: StringMap) -> JSON {
    .object(map.entries.map { Member($0.key, .string($0.value)) })
  }

  /// Plain data.
  package init(_ value: Values.Value) {
    switch value {
    case .null: self = .null
    case .bool(let truth): self = .bool(truth)
    case .int(let number): self = .int(number)
    case .string(let text): self = .string(text)
    case .list(let elements): self = .array(elements.map { JSON($0) })
    case .map(let members): self = .object(members.map { Member($0.key, JSON($0.value)) })
    }
  }

  /// As plain data; a number with a fraction as its text.
  package var value: Values.Value {
    switch self {
    case .null: .null
    case .bool(let truth): .bool(truth)
    case .int(let number): .int(number)
    case .number(let text), .string(let text): .string(text)
    case .array(let elements): .list(elements.map(\.value))
    case .object(let members): .map(members.map { .init($0.key, $0.value.value) })
    }
  }

  /// The texts, if this is a list of them.
  package var list: [String]? { array?.compactMap(\.string) }

  /// The value under keys, one below the other. Setting one makes the objects on the way.
  package subscript(path: [String]) -> JSON? {
    get { path.reduce(self as JSON?) { $0?[$1] } }
    set {
      guard let first = path.first else { return }
      if path.count == 1 {
        self[first] = newValue
      } else {
        var inner = self[first] ?? [:]
        inner[Array(path.dropFirst())] = newValue
        self[first] = inner
      }
    }
  }

  /// The element of a list whose `name` is this.
  package func element(named name: String) -> JSON? { array?.first { $0["name"]?.string == name } }
}
