/// What a cloud tells of a machine beside what it is made from.
public struct ObservedMachine: Sendable, Equatable {
  /// What the cloud knows it by.
  public var id: String
  /// Its addresses, the one that it is best reached at first.
  public var addresses: [String]
  /// Where in the cloud it is.
  public var zone: String?
  /// The subnet that it is in.
  public var subnet: String?

  public init(id: String, addresses: [String], zone: String? = nil, subnet: String? = nil) {
    (self.id, self.addresses, self.zone, self.subnet) = (id, addresses, zone, subnet)
  }
}
