/// As whom a server takes the requests of one who may speak for others.
public struct Impersonation: Sendable, Equatable {
  /// The name of the user.
  public var user: String
  /// The user's unique id.
  public var uid: String?
  /// The user's groups.
  public var groups: [String]
  /// More about the user.
  public var extra: [String: [String]]

  /// An impersonation.
  public init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }
}
