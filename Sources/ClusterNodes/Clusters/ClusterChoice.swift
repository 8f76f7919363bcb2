import Diagnostics

/// The cluster that a name means.
public struct ClusterChoice: Sendable {
  /// The name that the user gave.
  public let name: String
  /// The scheme, if it is named, too.
  public let scheme: String?

  /// Means the cluster of a name.
  ///
  /// - Throws: `DiagnosticError` if there is no such scheme.
  public init(name: String, scheme: String? = nil) throws {
    self.name = name
    self.scheme = scheme
    if let scheme { try Self.check(scheme) }
  }

  /// Makes sure that a scheme is known.
  ///
  /// - Throws: `DiagnosticError` that lists the known ones.
  public static func check(_ scheme: String) throws {
    let known = NodeScheme.all.map(\.name)
    guard !known.contains(scheme) else { return }
    throw DiagnosticError(
      Diagnostic(
        .unknownScheme, "there is no scheme `\(scheme)`",
        help: Suggestion.help(for: scheme, among: known)
          ?? "the known schemes are \(known.map { "`\($0)`" }.joined(separator: ", "))"))
  }

  /// The cluster among those of a target.
  ///
  /// - Throws: `DiagnosticError` if it is not there, or if the name means more than one.
  public func find(in clusters: [Cluster], on target: String) throws -> Cluster {
    let candidates = clusters.filter { scheme == nil || $0.id.scheme == scheme }
    let found = candidates.filter { $0.id.name == name }
    guard let first = found.first else {
      let words = scheme.map { "cluster `\(name)` of the scheme `\($0)`" } ?? "cluster `\(name)`"
      throw DiagnosticError(
        Diagnostic(
          .unknownCluster, "there is no \(words) on the target `\(target)`",
          help: Suggestion.help(for: name, among: candidates.map(\.id.name))
            ?? "`berth cluster list -t \(target)` shows those that are there"))
    }
    guard found.count == 1 else {
      let schemes = found.map { "--scheme \($0.id.scheme)" }.joined(separator: " or ")
      throw DiagnosticError(
        Diagnostic(
          .ambiguousCluster, "the target `\(target)` has \(found.count) clusters of the name `\(name)`",
          help: "add \(schemes)"))
    }
    return first
  }
}

extension Cluster {
  /// Makes sure that there is a node to work on.
  ///
  /// - Throws: `DiagnosticError` if only networks and volumes are there.
  public func requireNodes(on target: String) throws {
    guard nodes.isEmpty, gaps.isEmpty else { return }
    throw DiagnosticError(
      Diagnostic(
        .clusterWithoutNodes, "the cluster `\(id.name)` on the target `\(target)` has no nodes",
        help:
          "delete its networks and volumes with: berth cluster delete \(id.name) --scheme \(id.scheme) -t \(target)"
      ))
  }
}
