import Values
import WorkloadSpec

/// Who a process runs as, by the numbers of this machine.
struct ProcessIdentity: Equatable, Sendable {
  var user: UInt32
  var group: UInt32
  /// Further groups.
  var groups: [UInt32]

  /// Who the files are given to that it must be able to use.
  var owner: FileOwner { FileOwner(user: user, group: group) }

  /// As it is sent to a supervisor.
  var json: Value {
    [
      "user": .int(Int64(user)), "group": .int(Int64(group)),
      "groups": .list(groups.map { .int(Int64($0)) }),
    ]
  }
}

/// Who a file belongs to, by the numbers of this machine.
struct FileOwner: Equatable, Sendable {
  var user: UInt32
  var group: UInt32

  /// As it is sent to a supervisor.
  var json: Value { ["user": .int(Int64(user)), "group": .int(Int64(group))] }
}

extension ProcessIdentity {
  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    let owner = try FileOwner(json: json)
    (user, group) = (owner.user, owner.group)
    groups = try json.elements("groups").compactMap { $0.int.flatMap { UInt32(exactly: $0) } }
  }
}

extension FileOwner {
  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    guard let user = UInt32(exactly: try json.number("user")),
      let group = UInt32(exactly: try json.number("group"))
    else { throw MalformedRecord("no number of a user or group") }
    (self.user, self.group) = (user, group)
  }

  /// Who a spec names.
  init(_ owner: NumericOwner) { self.init(user: owner.user, group: owner.group ?? owner.user) }
}
