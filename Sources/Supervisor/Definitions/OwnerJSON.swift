import Values

extension FileOwner {
  /// As it is sent to a supervisor.
  var json: Value { ["user": .int(Int64(user)), "group": .int(Int64(group))] }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    guard let user = UInt32(exactly: try json.number("user")),
      let group = UInt32(exactly: try json.number("group"))
    else { throw MalformedMessage("no number of a user or group") }
    self.init(user: user, group: group)
  }
}

extension ProcessIdentity {
  /// As it is sent to a supervisor.
  var json: Value {
    .map((owner.json.members ?? []) + [.init("groups", .list(groups.map { .int(Int64($0)) }))])
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedMessage) {
    let owner = try FileOwner(json: json)
    self.init(
      user: owner.user, group: owner.group,
      groups: try json.elements("groups").compactMap { $0.int.flatMap { UInt32(exactly: $0) } })
  }
}
