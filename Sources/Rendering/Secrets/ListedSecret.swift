import Planning
import Values

/// A secret of a vault as it is listed: everything but its value.
public struct ListedSecret: Sendable {
  /// The key under which the vault keeps the value.
  public let key: String
  /// How often it was set.
  public let version: Int
  /// When it was set last.
  public let setAt: Timestamp

  public init(key: String, version: Int, setAt: Timestamp) {
    self.key = key
    self.version = version
    self.setAt = setAt
  }
}
