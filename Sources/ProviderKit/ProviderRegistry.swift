import WorkloadSpec

/// The kinds of provider that are known, each with the way to make one.
public struct ProviderRegistry: Sendable {
  /// Makes a provider from a target's options.
  public typealias Make = @Sendable (TargetOptions) throws -> any Provider

  /// A kind of provider.
  public struct Entry: Sendable {
    /// The name, as `provider:` in berth.yaml has it.
    public let name: String
    /// What it is, in one sentence.
    public let summary: String
    /// Makes one.
    public let make: Make
  }

  private var entries: [String: Entry] = [:]
  private var defaultName: String?

  /// No providers.
  public init() {}

  /// The known kinds, ordered by name.
  public var list: [Entry] { entries.values.sorted { $0.name < $1.name } }

  /// The kind that is meant where none is named: the one registered first.
  public var `default`: Entry? { defaultName.flatMap { entries[$0] } }

  /// Makes a kind known. A second kind of the same name takes the place of the first.
  public mutating func register(_ name: String, summary: String, make: @escaping Make) {
    entries[name] = Entry(name: name, summary: summary, make: make)
    if defaultName == nil { defaultName = name }
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

/// How a target is configured in berth.yaml, besides its provider.
public struct TargetOptions: Sendable {
  /// The target's name.
  public let name: String
  /// The options, by key.
  public let options: StringMap

  /// A target's options.
  public init(name: String, options: StringMap = [:]) {
    self.name = name
    self.options = options
  }
}
