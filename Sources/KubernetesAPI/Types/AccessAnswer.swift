/// Whether a user may do something.
package struct AccessAnswer: Sendable, Equatable {
  /// Whether it is allowed.
  package let isAllowed: Bool
  /// Why, if the server tells.
  package let reason: String
}
