/// What tells a cluster apart from the others of a target.
public struct ClusterID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// By what its nodes are made and told: `kind`. See ``NodeScheme``.
  public let scheme: String
  /// Its name, which is its own within its scheme.
  public let name: String

  public init(scheme: String, name: String) {
    self.scheme = scheme
    self.name = name
  }

  /// `dev (kind)`
  public var description: String { "\(name) (\(scheme))" }

  /// By name, and by scheme if the names are the same.
  public static func < (left: ClusterID, right: ClusterID) -> Bool {
    (left.name, left.scheme) < (right.name, right.scheme)
  }
}
