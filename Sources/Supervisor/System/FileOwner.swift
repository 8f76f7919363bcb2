/// Who a file belongs to, by the numbers of this machine.
package struct FileOwner: Equatable, Sendable {
  package var user: UInt32
  package var group: UInt32

  package init(user: UInt32, group: UInt32) {
    self.user = user
    self.group = group
  }
}
