/// A target, and what its engine answered when it was asked.
public struct TargetStatus: Sendable {
  /// How an engine is.
  public enum Health: String, Sendable {
    /// It can do its work.
    case healthy
    /// It answers, and can't do its work.
    case unhealthy
    /// It does not answer, or can't even be asked.
    case unreachable
  }

  /// The name of the target.
  public var target: String
  /// Whether it is meant where none is named.
  public var isDefault: Bool
  /// The kind of provider.
  public var provider: String
  /// How the engine is.
  public var health: Health
  /// How long it took to answer; `nil` if it did not.
  public var latency: Duration?
  /// What is wrong, or a word on what is right.
  public var message: String
  /// The engine's version.
  public var version: String?
  /// Where it is.
  public var region: String?
  /// Where in the region it is.
  public var location: String?

  /// A target of which nothing is known but that it can't be asked.
  public init(target: String, isDefault: Bool, provider: String, message: String) {
    self.target = target
    self.isDefault = isDefault
    self.provider = provider
    health = .unreachable
    self.message = message
  }
}

/// A kind of provider that the program knows.
public struct KnownProvider: Sendable {
  /// The name, as `provider:` in berth.yaml has it.
  public var name: String
  /// What it is, in one sentence.
  public var summary: String
  /// What it can do, by name.
  public var capabilities: [String]
  /// The keys that only targets of this kind have in berth.yaml.
  public var options: [String]

  /// A kind of provider.
  public init(name: String, summary: String, capabilities: [String], options: [String]) {
    self.name = name
    self.summary = summary
    self.capabilities = capabilities
    self.options = options
  }
}
