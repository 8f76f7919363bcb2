/// One machine or container of a cluster, as its provider sees it.
public struct ClusterNode: Sendable, Hashable {
  /// What the provider knows it by, for as long as it is there: one that is made anew has another.
  public var id: String
  /// The name by which users know the node.
  public var name: String
  /// The cluster that it is a part of.
  public var cluster: ClusterID
  /// What it does there.
  public var role: NodeRole
  /// What its scheme calls that.
  public var rawRole: String
  /// Among nodes of one role, those of a lower rank start first and stop last.
  public var rank: Int
  /// What it is doing.
  public var state: NodeState
  /// What its provider calls that.
  public var rawState: String
  /// The addresses that it has in the networks of its cluster; none while it does not run.
  public var addresses: [String]
  /// Where this node serves the cluster's API for the world outside: `https://127.0.0.1:6443`.
  public var endpoint: String?
  /// Where it is, if its provider has more than one place.
  public var location: String?
  /// What the provider says of its state, in words.
  public var note: String?

  /// A node of which no more is known than this.
  public init(
    id: String, name: String, cluster: ClusterID, role: NodeRole, rawRole: String, rank: Int = 0,
    state: NodeState, rawState: String, addresses: [String] = [], endpoint: String? = nil,
    location: String? = nil, note: String? = nil
  ) {
    self.id = id
    self.name = name
    self.cluster = cluster
    self.role = role
    self.rawRole = rawRole
    self.rank = rank
    self.state = state
    self.rawState = rawState
    self.addresses = addresses
    self.endpoint = endpoint
    self.location = location
    self.note = note
  }
}

extension ClusterNode: Comparable {
  /// By what they do, and then by their names, of which `w2` comes before `w10`.
  public static func < (left: ClusterNode, right: ClusterNode) -> Bool {
    (left.place, left.stem, left.number, left.name, left.id)
      < (right.place, right.stem, right.number, right.name, right.id)
  }

  private var place: Int { NodeRole.allCases.firstIndex(of: role) ?? 0 }

  /// The name without the number at its end.
  private var stem: String {
    String(name[..<(name.lastIndex { !$0.isNumber }.map(name.index(after:)) ?? name.startIndex)])
  }

  private var number: Int { Int(name.dropFirst(stem.count)) ?? 0 }
}
