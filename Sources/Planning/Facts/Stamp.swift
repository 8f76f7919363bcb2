/// What berth writes on everything it creates: whose it is, which run made it, and what it was made from.
public struct Stamp: Hashable, Sendable {
  /// The workload that the object belongs to.
  public let key: WorkloadKey
  /// The instance that the object is a part of.
  public let instance: InstanceID
  /// The service that the object runs.
  public let service: String
  /// The run that created it.
  public let run: RunID
  /// What it was made from.
  public let digest: SpecDigest

  public init(key: WorkloadKey, instance: InstanceID, service: String, run: RunID, digest: SpecDigest) {
    self.key = key
    self.instance = instance
    self.service = service
    self.run = run
    self.digest = digest
  }
}
