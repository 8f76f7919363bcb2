import Values

/// Whether a job that a server has is one that was sent to it: servers fill in what was left out, and write `null` for what
/// is empty.
enum JobSameness {
  static func holds(_ sent: JSON, in stored: JSON?) -> Bool {
    if isEmpty(sent) { return stored.map(isEmpty) ?? true }
    guard let stored else { return false }
    switch (sent, stored) {
    case (.object(let members), .object):
      return members.allSatisfy { holds($0.value, in: stored[$0.key]) }
    case (.array(let elements), .array(let others)):
      return elements.count == others.count && zip(elements, others).allSatisfy { holds($0, in: $1) }
    default: return sent == stored
    }
  }

  private static func isEmpty(_ json: JSON) -> Bool {
    switch json {
    case .null: true
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    case .string(let text): text.isEmpty
    default: false
    }
  }
}
