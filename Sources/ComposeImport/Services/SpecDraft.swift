import Diagnostics
import Values

/// A value of a spec whose texts may hold variables of the compose file.
indirect enum SpecDraft: Sendable {
  /// A value without variables.
  case plain(Value)
  /// A text, with where it is written.
  case text(ComposeText, SourceLocation)
  /// Values in order.
  case list([SpecDraft])
  /// Values under keys.
  case map([Member])

  /// A value under a key.
  struct Member: Sendable {
    let key: String
    var value: SpecDraft
  }

  /// A text without variables.
  static func string(_ text: String) -> SpecDraft { .plain(.string(text)) }

  /// The value under keys, one within the other.
  subscript(path: [String]) -> SpecDraft? {
    get {
      guard let first = path.first else { return self }
      guard case .map(let members) = self else { return nil }
      return members.first { $0.key == first }?.value[Array(path.dropFirst())]
    }
    set {
      guard let first = path.first else { return self = newValue ?? .map([]) }
      var members: [Member] = []
      if case .map(let known) = self { members = known }
      var inner = members.first { $0.key == first }?.value ?? .map([])
      inner[Array(path.dropFirst())] = newValue
      if path.count == 1, newValue == nil {
        members.removeAll { $0.key == first }
      } else if let index = members.firstIndex(where: { $0.key == first }) {
        members[index].value = inner
      } else {
        members.append(Member(key: first, value: inner))
      }
      self = .map(members)
    }
  }

  /// Every text in it at any depth, in order, without the keys of maps.
  var texts: [(text: ComposeText, location: SourceLocation)] {
    switch self {
    case .plain: []
    case .text(let text, let location): [(text, location)]
    case .list(let elements): elements.flatMap(\.texts)
    case .map(let members): members.flatMap(\.value.texts)
    }
  }
}
