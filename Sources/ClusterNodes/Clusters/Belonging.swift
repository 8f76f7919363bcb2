/// Something that carries a cluster's labels and is no node: it goes with the cluster.
public struct Belonging: Sendable, Hashable {
  /// The kinds of things that a cluster has besides nodes, in the order in which they are deleted.
  public enum Kind: String, Sendable, CaseIterable, Comparable {
    case network
    case volume

    /// In the order in which they are taken away.
    public static func < (left: Kind, right: Kind) -> Bool { left.order < right.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// Decides when its turn to be deleted comes: networks before volumes.
  public var kind: Kind
  /// What the provider knows it by.
  public var id: String
  /// The name of the network or volume on its engine.
  public var name: String
  /// The cluster whose labels it carries.
  public var cluster: ClusterID

  /// Something of a cluster.
  public init(_ kind: Kind, id: String, name: String, cluster: ClusterID) {
    self.kind = kind
    self.id = id
    self.name = name
    self.cluster = cluster
  }
}

extension Belonging: Comparable {
  /// By kind, and then by name.
  public static func < (left: Belonging, right: Belonging) -> Bool {
    (left.kind, left.name, left.id) < (right.kind, right.name, right.id)
  }
}
