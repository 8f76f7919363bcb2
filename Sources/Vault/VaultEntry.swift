import Values

/// What is known of a secret in the vault, besides its value.
package struct VaultEntry: Sendable, Equatable {
  /// What a secret is called.
  package struct Name: Sendable, Hashable, Comparable {
    /// The namespace whose workloads may have it.
    package let namespace: String
    /// The key by which specs refer to the value.
    package let key: String

    package init(namespace: String, key: String) {
      self.namespace = namespace
      self.key = key
    }

    /// By namespace, then by key.
    package static func < (left: Name, right: Name) -> Bool {
      (left.namespace, left.key) < (right.namespace, right.key)
    }
  }

  /// What it is called.
  package let name: Name
  /// How often it was set.
  package let version: Int
  /// When it was set last.
  package let setAt: Timestamp
}
