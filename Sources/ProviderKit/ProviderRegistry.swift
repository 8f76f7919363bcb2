import Diagnostics
import WorkloadSpec

/// The kinds of provider that are known, each with the way to make one; and the kinds of places that keep histories beside
/// engines.
public struct ProviderRegistry: Sendable {
  /// What makes a provider for a target; it throws if the options can't be used.
  public typealias Make = @Sendable (TargetOptions) throws -> any Provider

  /// A kind of provider.
  public struct Entry: Sendable {
    /// The name, as `provider:` in berth.yaml has it.
    public let name: String
    /// What it is, in one sentence.
    public let summary: String
    /// The keys that a target of this kind may have in berth.yaml, besides those of every target.
    public let options: OptionsDeclaration
    /// The fields of the language that only it knows.
    public let engineFields: EngineFields
    /// Makes a provider of this kind for one target.
    public let make: Make
  }

  /// The kinds of places that keep histories, ordered by their schemes.
  public private(set) var stores: [StoreKind] = []

  private var entries: [String: Entry] = [:]
  private var defaultName: String?

  /// No providers.
  public init() {}

  /// The known kinds, ordered by name.
  public var list: [Entry] { entries.values.sorted { $0.name < $1.name } }

  /// The fields of the language that only one kind knows, of all kinds.
  public var engines: [EngineFields] { list.map(\.engineFields) }

  /// The kind that is meant where none is named: the one registered first.
  public var `default`: Entry? { defaultName.flatMap { entries[$0] } }

  /// Makes a kind known. A second kind of the same name takes the place of the first.
  ///
  /// - Parameters:
  ///   - options: what a target of this kind may say in berth.yaml, besides what every target may say; by default,
  ///     nothing.
  ///   - engineFields: the fields of the language that only this kind knows; by default, none.
  ///   - make: makes a provider for a target. Where the options have a ``TargetOptions/store``, that is the provider's.
  public mutating func register(
    _ name: String, summary: String, options: OptionsDeclaration = OptionsDeclaration(NoOptions.self),
    engineFields: EngineFields? = nil, make: @escaping Make
  ) {
    entries[name] = Entry(
      name: name, summary: summary, options: options,
      engineFields: engineFields ?? EngineFields(name),
      make: { try Self.make($0, by: make, kind: name) })
    if defaultName == nil { defaultName = name }
  }

  /// Makes a provider, and sees to it that the store that a target names is the one that is used.
  private static func make(_ target: TargetOptions, by make: Make, kind: String) throws -> any Provider {
    let provider = try make(target)
    guard let store = target.store else { return provider }
    guard (provider.store as? NamedStore) === store, (provider.history as? NamedStore) === store else {
      throw DiagnosticError(
        Diagnostic(
          .storeNotNamed,
          "the target `\(target.name)` names a store, and its provider `\(kind)` keeps histories on its own engine only",
          help: "leave `store` out of the target"))
    }
    store.serve(provider)
    return provider
  }

  /// Makes a kind of places that keep histories known. A second kind of the same scheme takes the place of the first.
  public mutating func registerStore<Address: StoreAddress>(
    _ type: Address.Type, summary: String, make: @escaping StoreKind.Make
  ) {
    let kind = StoreKind(
      scheme: Address.scheme, summary: summary, options: OptionsDeclaration(Address.self),
      address: { Address(address: $0) }, problem: { Address.problem(with: $0) }, make: make)
    stores = (stores.filter { $0.scheme != kind.scheme } + [kind]).sorted { $0.scheme < $1.scheme }
  }

  /// The kind with a name.
  ///
  /// - Throws: `DiagnosticError` that lists the known kinds.
  public func get(_ name: String) throws -> Entry {
    if let entry = entries[name] { return entry }
    let known = list.map(\.name)
    throw DiagnosticError(
      Diagnostic(
        .unknownProvider, "there is no provider `\(name)`",
        help: Suggestion.help(for: name, among: known)
          ?? "the known providers are \(known.map { "`\($0)`" }.joined(separator: ", "))"))
  }
}
