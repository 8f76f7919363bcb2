/// Whether a user may do something.
public struct AccessAnswer: Sendable, Equatable {
  /// Whether it is allowed.
  public let isAllowed: Bool
  /// Why, if the server tells.
  public let reason: String
}
