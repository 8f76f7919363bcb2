import WorkloadSpec

/// A kind of place that keeps histories and is no engine of workloads, such as buckets.
public struct StoreKind: Sendable {
  /// What makes a keeper of one place; it throws if the options can't be used.
  public typealias Make = @Sendable (StoreOptions) throws -> any StoreKeeper

  /// The word that an address begins with, as in `s3://…`, and the key that a mapping has for it.
  public let scheme: String
  /// What it is, in one sentence.
  public let summary: String
  /// What a target may say of such a place.
  public let options: OptionsDeclaration
  /// What an address means: the part behind `://`.
  public let address: @Sendable (String) -> any SpecObject
  /// What is wrong with an address; `nil` if nothing is.
  public let problem: @Sendable (String) -> RuleProblem?
  /// Makes a keeper.
  public let make: Make
}

/// What targets may say of one kind of place, of which an address says the most.
public protocol StoreAddress: SpecObject {
  /// The word that an address begins with, and the key that a mapping has for the rest of it.
  static var scheme: String { get }

  /// A place of which only the address is said.
  init(address: String)

  /// What is wrong with an address; `nil` if nothing is.
  static func problem(with address: String) -> RuleProblem?
}

/// How a place that keeps histories is configured in berth.yaml.
public struct StoreOptions: Sendable {
  /// The target that names it, for messages.
  public let target: String
  /// Whether the user gave the configuration; see ``TargetOptions/isGiven``.
  public let isGiven: Bool
  private let own: any SpecObject

  public init(target: String, own: any SpecObject, isGiven: Bool) {
    self.target = target
    self.own = own
    self.isGiven = isGiven
  }

  /// What is said of it.
  public func own<Options: SpecObject>(_ type: Options.Type) -> Options { own as? Options ?? Options() }
}
