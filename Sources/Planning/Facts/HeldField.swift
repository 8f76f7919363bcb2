import Values

/// A field of one of the engine's objects that another client wrote last, on an engine that tells who wrote what.
public struct HeldField: Sendable, Hashable {
  /// The object, in the engine's words: `Deployment shop`.
  public let object: String
  /// The field, one part for each level, in the engine's words.
  public let path: [String]
  /// The client, as the engine calls it.
  public let manager: String
  /// What it is now.
  public let value: Value
  /// Whether berth's last apply had said what it is, so that another value is drift.
  public let wasApplied: Bool

  public init(object: String, path: [String], manager: String, value: Value, wasApplied: Bool) {
    self.object = object
    self.path = path
    self.manager = manager
    self.value = value
    self.wasApplied = wasApplied
  }
}
