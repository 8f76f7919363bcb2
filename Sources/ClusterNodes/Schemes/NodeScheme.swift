/// How the nodes of one kind of cluster are told on a container engine: data, and no code. One row is one scheme.
public struct NodeScheme: Sendable {
  /// Its name: `kind`.
  public var name: String
  /// The label whose value names the cluster; `nil` if there is none.
  public var clusterLabel: ClusterLabel?
  /// Labels that must be there as well.
  public var otherLabels: [String: String] = [:]
  /// The label whose value is the raw role; without one, the name tells it.
  public var roleLabel: String?
  /// What raw roles mean; all others are workers.
  public var roles: [RoleRule] = []
  /// What the names of nodes look like, the most special first.
  public var names: [NameRule]
  /// A raw role that a cluster which is told by names alone must have; `nil` if its names can't be taken for others.
  public var anchor: String?
  /// The port that control planes and load balancers serve the API at.
  public var apiPort: Int
  /// Whether nodes know each other by their addresses, so that new ones may keep them from coming up.
  public var dependsOnAddresses = false

  /// What a raw role means; one that ``roles`` has no row for is a worker of rank 0.
  public func role(of raw: String) -> (role: NodeRole, rank: Int) {
    roles.first { $0.raw == raw }.map { ($0.role, $0.rank) } ?? (.worker, 0)
  }

  /// The name of the cluster that labels name.
  public func cluster(ofLabels labels: [String: String]) -> String? {
    guard let clusterLabel, let value = labels[clusterLabel.key], value.hasPrefix(clusterLabel.prefix),
      value.count > clusterLabel.prefix.count,
      otherLabels.allSatisfy({ labels[$0.key] == $0.value })
    else { return nil }
    return String(value.dropFirst(clusterLabel.prefix.count))
  }
}

/// The label that names a cluster.
public struct ClusterLabel: Sendable {
  /// The label that names the cluster.
  public var key: String
  /// What its value begins with; the cluster's name follows.
  public var prefix = ""
}

/// What a raw role means.
public struct RoleRule: Sendable {
  /// The role as the scheme has it.
  public let raw: String
  /// What it means.
  public let role: NodeRole
  /// See ``ClusterNode/rank``.
  public let rank: Int

  init(_ raw: String, _ role: NodeRole, rank: Int = 0) {
    self.raw = raw
    self.role = role
    self.rank = rank
  }
}

/// What the name of a node looks like.
public struct NameRule: Sendable {
  /// The raw role of such a node.
  public let raw: String
  private let prefix: String
  private let suffix: String
  private let tail: Tail

  private enum Tail {
    case nothing
    case number
    case anything
  }

  /// - Parameter pattern: a name in which `*` stands for the cluster, and at the end `#` for a number or nothing and `%`
  ///   for one character or more. What `*` stands for has no dot if a dot follows.
  init(_ pattern: String, _ raw: String) {
    let star = pattern.firstIndex(of: "*") ?? pattern.endIndex
    prefix = String(pattern[..<star])
    let rest = pattern[star...].dropFirst()
    tail = rest.last == "#" ? .number : rest.last == "%" ? .anything : .nothing
    suffix = String(tail == .nothing ? rest : rest.dropLast())
    self.raw = raw
  }

  /// The cluster that a name names, if it looks like this.
  func cluster(ofName name: String) -> String? {
    guard name.hasPrefix(prefix) else { return nil }
    var rest = name.dropFirst(prefix.count)
    if tail == .anything {
      guard let end = rest.firstRange(of: suffix), end.upperBound < rest.endIndex else { return nil }
      rest = rest[..<end.lowerBound]
    } else {
      if tail == .number {
        while rest.last?.isASCII == true, rest.last?.isNumber == true { rest.removeLast() }
      }
      guard rest.hasSuffix(suffix) else { return nil }
      rest = rest.dropLast(suffix.count)
    }
    return rest.isEmpty ? nil : String(rest)
  }
}
