import Values

/// What is known of a secret in the vault, besides its value.
public struct VaultEntry: Sendable, Equatable {
  /// What a secret is called.
  public struct Name: Sendable, Hashable, Comparable {
    /// The namespace whose workloads may have it.
    public let namespace: String
    /// The key by which specs refer to the value.
    public let key: String

    /// A name.
    public init(namespace: String, key: String) {
      self.namespace = namespace
      self.key = key
    }

    /// By namespace, then by key.
    public static func < (left: Name, right: Name) -> Bool {
      (left.namespace, left.key) < (right.namespace, right.key)
    }
  }

  /// What it is called.
  public let name: Name
  /// How often it was set.
  public let version: Int
  /// When it was set last.
  public let setAt: Timestamp
}
