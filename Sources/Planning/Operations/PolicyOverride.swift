import Values

/// That an operator went ahead although policies did not allow it.
public struct PolicyOverride: Sendable, Hashable {
  /// Why, in the operator's words.
  public var reason: String
  /// The names of the policies, in order.
  public var policies: [String]

  public init(reason: String, policies: [String]) {
    self.reason = reason
    self.policies = policies
  }

  /// As plain data: `reason` and `policies`.
  public var plain: Value {
    ["reason": .string(reason), "policies": .list(policies.map(Value.string))]
  }

  /// Reads what ``plain`` wrote; `nil` if it is something else.
  public init?(plain: Value) {
    guard let reason = plain["reason"]?.string, let policies = plain["policies"]?.list else { return nil }
    self.init(reason: reason, policies: policies.compactMap(\.string))
  }
}
