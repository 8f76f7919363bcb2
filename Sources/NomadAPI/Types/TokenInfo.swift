import Values

/// As whom requests are sent.
package enum TokenAnswer: Sendable, Hashable {
  /// The cluster asks for no tokens: everything is allowed.
  case aclDisabled
  /// None is sent: what the policy `anonymous` allows is.
  case anonymous
  /// A token.
  case token(TokenInfo)
}

/// What is known of a token. Its secret is not.
package struct TokenInfo: Sendable, Hashable {
  /// The name by which it may be spoken of.
  package let accessor: String
  package let name: String
  /// `client` or `management`.
  package let type: String
  /// Whether it is known in all regions.
  package let isGlobal: Bool
  /// The policies that say what it may do.
  package let policies: [String]
  /// The roles whose policies say what it may do.
  package let roles: [String]
  /// When it is of no more use; `nil` if it stays.
  package let expires: ServerTime?
  /// Whether it may do everything.
  package var isManagement: Bool { type == "management" }

  init(_ json: JSON) {
    accessor = json.text("AccessorID")
    name = json.text("Name")
    type = json.text("Type")
    isGlobal = json.flag("Global")
    policies = json.texts("Policies")
    roles = json.elements("Roles").map { $0.text("Name") }
    expires = json.time("ExpirationTime")
  }
}

/// What a token may do.
package struct PolicyInfo: Sendable, Hashable {
  package let name: String
  package let description: String
  /// The rules, in HCL.
  package let rules: String

  init(_ json: JSON) {
    name = json.text("Name")
    description = json.text("Description")
    rules = json.text("Rules")
  }
}

/// A namespace.
package struct NamespaceInfo: Sendable, Hashable {
  package let name: String
  package let description: String
  /// The limits that it has; empty if there are none.
  package let quota: String

  init(_ json: JSON) {
    name = json.text("Name")
    description = json.text("Description")
    quota = json.text("Quota")
  }
}
