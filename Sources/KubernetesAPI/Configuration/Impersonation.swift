/// As whom a server takes the requests of one who may speak for others.
package struct Impersonation: Sendable, Equatable {
  /// The name of the user.
  package var user: String
  /// The user's unique id.
  package var uid: String?
  package var groups: [String]
  /// More about the user.
  package var extra: [String: [String]]

  package init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }
}
