/// Who a process runs as, by the numbers of this machine.
package struct ProcessIdentity: Equatable, Sendable {
  package var user: UInt32
  package var group: UInt32
  /// Further groups.
  package var groups: [UInt32]

  /// A user with a group and further ones.
  package init(user: UInt32, group: UInt32, groups: [UInt32]) {
    self.user = user
    self.group = group
    self.groups = groups
  }

  /// Who the files are given to that it must be able to use.
  var owner: FileOwner { FileOwner(user: user, group: group) }
}
