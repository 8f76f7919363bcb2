import WorkloadSpec
import YAMLNodes

/// How a target is configured in berth.yaml, besides its provider.
public struct TargetOptions: Sendable {
  /// The key of the target in berth.yaml, which `--target` takes.
  public let name: String
  /// Where it is, if that is stated.
  public let region: String?
  /// Where in the region it is, if that is stated.
  public let zone: String?
  /// How much is kept of each workload's history.
  public let history: HistoryLimits
  /// The history, where the target's `store` says that something else than its own engine keeps it. A provider that is made
  /// of the options has it as its ``Provider/store`` then, and keeps none of its own.
  public var store: NamedStore?
  /// What workloads may do there to machines, and to what berth did not make.
  public let allow: Set<Permission>
  /// Whether the user gave the configuration. One that was found may be the work of the files' author: it may
  /// not have programs run, nor have anything sent to other machines.
  public let isGiven: Bool
  private let own: any SpecObject

  /// A target's options.
  ///
  /// - Parameters:
  ///   - store: the history, where something else than its own engine keeps it.
  ///   - own: those that only its kind of provider has, as that declares them.
  public init(
    name: String, region: String? = nil, zone: String? = nil, history: HistoryLimits = HistoryLimits(),
    store: NamedStore? = nil, allow: Set<Permission> = [], own: any SpecObject = NoOptions(),
    isGiven: Bool = true
  ) {
    self.name = name
    self.region = region
    self.zone = zone
    self.history = history
    self.store = store
    self.allow = allow
    self.own = own
    self.isGiven = isGiven
  }

  /// What only this kind of provider has; of a target that says nothing of it, what holds then.
  public func own<Options: SpecObject>(_ type: Options.Type) -> Options { own as? Options ?? Options() }
}

/// What targets of one kind may say in berth.yaml, declared as the language declares its fields.
public struct OptionsDeclaration: Sendable {
  /// What is known of them without their Swift type.
  public let description: ObjectDescription
  /// Reads them; what is wrong is reported to the decoder.
  public let read: @Sendable (Node, inout SpecDecoder) -> (any SpecObject)?
  /// What holds where nothing is said.
  public let standard: any SpecObject

  /// The options that a type declares.
  public init<Options: SpecObject>(_ type: Options.Type) {
    description = Options.schema.description
    standard = Options()
    read = { node, decoder in Options.read(node, by: &decoder) }
  }
}

/// The options of a kind of provider that has none.
public struct NoOptions: SpecObject {
  /// None.
  public init() {}

  /// No fields.
  public static let schema = ObjectSchema<NoOptions>(
    "target", "A target without options of its own.", fields: [])
}
