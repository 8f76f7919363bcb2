/// As whom a server takes the requests of one who may speak for others.
package struct Impersonation: Sendable, Equatable {
  /// The name of the user.
  package var user: String
  /// The user's unique id.
  package var uid: String?
  /// The user's groups.
  package var groups: [String]
  /// More about the user.
  package var extra: [String: [String]]

  /// An impersonation.
  package init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }
}
