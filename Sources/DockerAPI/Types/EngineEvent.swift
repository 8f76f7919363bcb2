/// Something that happened on an engine.
public struct EngineEvent: Decodable, Sendable, Equatable {
  /// What it happened to: `container`, `image`, `network`, `volume` …
  public let type: String
  /// What happened: `create`, `start`, `die`, `health_status: healthy` …
  public let action: String
  /// What exactly it happened to.
  public let actor: Actor
  /// When, in seconds since 1970-01-01T00:00:00Z.
  public let time: Int64?
  /// When, in nanoseconds since then.
  public let nanoseconds: Int64?

  /// What something happened to.
  public struct Actor: Decodable, Sendable, Equatable {
    /// Its id or name.
    public let id: String
    /// Its labels, and what else is known: `name`, `image`, `exitCode`.
    public let attributes: [String: String]?

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
