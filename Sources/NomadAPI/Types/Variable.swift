import Values

/// Texts under keys that the servers keep, encrypted on their disks.
package struct Variable: Sendable, Hashable {
  package let path: String
  package let namespace: String
  package let items: [String: String]
  /// The state in which it was made.
  package let createIndex: UInt64
  /// The state in which it changed last: what ``VariableCheck/unchanged(since:)`` takes.
  package let modifyIndex: UInt64
  package let createTime: ServerTime?
  package let modifyTime: ServerTime?

  init(_ json: JSON) {
    path = json.text("Path")
    namespace = json.text("Namespace")
    items = json.strings("Items")
    createIndex = json.state("CreateIndex")
    modifyIndex = json.state("ModifyIndex")
    createTime = json.moment("CreateTime")
    modifyTime = json.moment("ModifyTime")
  }
}

/// What a list tells of a variable: all but its items.
package struct VariableStub: Sendable, Hashable {
  package let path: String
  package let namespace: String
  /// The state in which it was made.
  package let createIndex: UInt64
  /// The state in which it changed last.
  package let modifyIndex: UInt64
  package let createTime: ServerTime?
  package let modifyTime: ServerTime?

  init(_ json: JSON) {
    path = json.text("Path")
    namespace = json.text("Namespace")
    createIndex = json.state("CreateIndex")
    modifyIndex = json.state("ModifyIndex")
    createTime = json.moment("CreateTime")
    modifyTime = json.moment("ModifyTime")
  }
}

/// What must be so for a variable to be written or deleted.
package enum VariableCheck: Sendable, Hashable {
  /// Nothing.
  case none
  /// That there is no such variable.
  case absent
  /// That the variable is the one that has this ``Variable/modifyIndex``.
  case unchanged(since: UInt64)

  var index: UInt64? {
    switch self {
    case .none: nil
    case .absent: 0
    case .unchanged(let index): index
    }
  }
}
