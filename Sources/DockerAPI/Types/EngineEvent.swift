/// Something that happened on an engine.
package struct EngineEvent: Decodable, Sendable, Equatable {
  /// What it happened to: `container`, `image`, `network`, `volume` …
  package let type: String
  /// What happened: `create`, `start`, `die`, `health_status: healthy` …
  package let action: String
  /// What exactly it happened to.
  package let actor: Actor
  /// When, in seconds since 1970-01-01T00:00:00Z.
  package let time: Int64?
  /// When, in nanoseconds since then.
  package let nanoseconds: Int64?

  /// What something happened to.
  package struct Actor: Decodable, Sendable, Equatable {
    /// Its id or name.
    package let id: String
    /// Its labels, and what else is known: `name`, `image`, `exitCode`.
    package let attributes: [String: String]?

    enum CodingKeys: String, CodingKey {
      case id = "ID"
      case attributes = "Attributes"
    }
  }

  enum CodingKeys: String, CodingKey {
    case type = "Type"
    case action = "Action"
    case actor = "Actor"
    case time
    case nanoseconds = "timeNano"
  }
}
