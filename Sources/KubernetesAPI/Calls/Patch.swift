import Values

/// Changes of some fields.
package enum Patch: Sendable, Equatable {
  /// Members that shall be as they are here, and `null` for those that shall go (RFC 7386).
  case merge(JSON)
  /// The same, with lists joined as their types say.
  case strategic(JSON)
  /// Steps, each of which is done or all are refused (RFC 6902).
  case steps([JSON])

  var json: JSON {
    switch self {
    case .merge(let json), .strategic(let json): json
    case .steps(let steps): .array(steps)
    }
  }

  var mediaType: String {
    switch self {
    case .merge: "application/merge-patch+json"
    case .strategic: "application/strategic-merge-patch+json"
    case .steps: "application/json-patch+json"
    }
  }

  var isRepeatable: Bool { if case .merge = self { true } else { false } }
}
