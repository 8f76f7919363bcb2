import Diagnostics
import Foundation
import Policies
import ProviderKit
import Rendering
import UserFiles
import WorkloadSpec
import YAMLNodes

/// What berth.yaml says: the targets, who is told of runs, and what plans are held to.
struct Configuration: Sendable {
  /// The targets, by name.
  var targets: [String: TargetEntry] = [:]
  /// The target that is meant where none is named.
  var defaultTarget: String?
  /// Who is told of what runs do.
  var webhook: WebhookEntry?
  /// What workloads and plans must be like.
  var policies = NamedObjects<Policy>()
  /// The target that is always there, without any berth.yaml.
  static let localTarget = "local"

  /// The names of all targets, in order.
  var targetNames: [String] { Set(targets.keys).union([Self.localTarget]).sorted() }

  /// The target that is meant where a command names none.
  var usualTarget: String { defaultTarget ?? Self.localTarget }

  /// The target with a name.
  ///
  /// - Throws: `DiagnosticError` that lists the known ones.
  func target(_ name: String) throws -> TargetEntry {
    if let entry = targets[name] { return entry }
    if name == Self.localTarget { return TargetEntry() }
    throw DiagnosticError(
      Diagnostic(
        .badConfiguration, "there is no target `\(name)`",
        help: Suggestion.help(for: name, among: targetNames)
          ?? "the known targets are \(targetNames.map { "`\($0)`" }.joined(separator: ", ")); targets are named in berth.yaml"
      ))
  }

  /// Reads the file that is given, by the option or by `BERTH_CONFIG`. Without one, the berth.yaml of the working folder
  /// or of the nearest folder above it is read; and where there is none, there is only `local`.
  ///
  /// - Parameter path: what the option says.
  /// - Throws: `DiagnosticError` with everything that is wrong with it.
  static func load(
    given path: String?, registry: ProviderRegistry = Providers.registry
  ) throws -> Configuration {
    guard let path = path ?? Environment["BERTH_CONFIG"] else { return try find(registry) }
    do {
      var configuration = try read(path, named: path, within: FileBoundary(ofTyped: path), registry)
      for name in configuration.targets.keys { configuration.targets[name]?.isGiven = true }
      return configuration
    } catch let error as UserFileError {
      throw DiagnosticError(Diagnostic(error))
    }
  }

  private static func find(_ registry: ProviderRegistry) throws -> Configuration {
    let working = RealPath.workingFolder
    var folder = working
    while true {
      let path = (folder == "/" ? "" : folder) + "/berth.yaml"
      do {
        let name = folder == working ? "berth.yaml" : path
        return try read(path, named: name, within: FileBoundary(around: folder), registry)
      } catch let error as UserFileError where !error.isMissing {
        throw DiagnosticError(
          Diagnostic(error, help: "mend it, or name another configuration: `--config FILE`"))
      } catch is UserFileError {}
      if folder == "/" { return Configuration() }
      folder = RealPath.folder(of: folder)
    }
  }

  private static func read(
    _ path: String, named name: String, within boundary: FileBoundary, _ registry: ProviderRegistry
  ) throws -> Configuration {
    let bytes = try UserFile.bytes(of: path, atMost: maximumSize, within: boundary)
    return try ConfigurationReader.read(SourceFile(name: name, bytes: bytes), registry: registry)
  }

  /// The size of the largest berth.yaml: 1 MiB.
  private static let maximumSize = 1 << 20
}

/// A target as berth.yaml has it.
struct TargetEntry: SpecObject {
  /// The kind of engine.
  var provider = "local"
  /// The default of `-n`.
  var namespace: String?
  /// Where it is.
  var region: String?
  /// Where in the region it is.
  var zone: String?
  /// What holds for single namespaces.
  var namespaces = NamedObjects<NamespaceEntry>()
  /// How much is kept of each workload's history.
  var history = HistoryLimits()
  /// What keeps the history, if it is not its own engine.
  var store: StoreEntry?
  /// What workloads may do there to machines, and to what berth did not make.
  var allow: [Permission] = []
  /// What only this kind of provider knows, as that declares it.
  var own: any SpecObject = NoOptions()
  /// Whether the user gave the configuration that it stands in, and it was not found.
  var isGiven = false

  static let schema = ObjectSchema<TargetEntry>(
    "target", "A place that workloads are applied to: a provider with its options.",
    fields: [
      Field(
        "provider", \.provider, "the kind of engine; `berth providers` lists those that are known",
        required: true),
      Field(
        "namespace", \.namespace,
        "the namespace that is meant where a command has no `-n`; without it, `default`",
        rules: [.dnsLabel]),
      Field("region", \.region, "where it is, for people: shown by `berth providers`"),
      Field("zone", \.zone, "where in the region it is"),
      Field(
        "namespaces", \.namespaces, "what holds for single namespaces", rules: [.areLabels("a namespace")]),
      Field("history", \.history, "how much is kept of each workload's history"),
      Field(
        "store", \.store,
        "what keeps releases, runs and locks; without it, the target's own engine"),
      Field(
        "allow", \.allow,
        "what workloads may do there to machines, and to what berth did not make; nothing of it, if not said. A target of "
          + "local processes allows what the user may do anyway"),
    ])

  /// Reads what every target has, and what only those of its provider have. The registry of providers is the decoder's
  /// context.
  static func read(_ node: Node, by decoder: inout SpecDecoder) -> TargetEntry? {
    let registry = decoder.context as? ProviderRegistry ?? ProviderRegistry()
    let provider = node["provider"].flatMap { $0.kind == .scalar && !$0.isNull ? $0 : nil }
    let kind = provider.flatMap { name in registry.list.first { $0.name == name.text } }
    if let provider, kind == nil {
      let known = registry.list.map(\.name)
      decoder.report(
        .unknownProvider, "there is no provider `\(provider.text)`", at: provider,
        help: Suggestion.help(for: provider.text, among: known)
          ?? "it is one of \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
    guard let kind else {
      // Whatever else it says may be a key of the provider that was meant.
      let names = schema.fields.map(\.description.name)
      return readFields(node.part(where: names.contains), by: &decoder)
    }
    let (common, rest) = node.divided(between: schema.description, kind.options.description)
    var entry = readFields(common, by: &decoder)
    if let own = kind.options.read(rest, &decoder) { entry?.own = own }
    return entry
  }

  /// The targets are the same if they say the same.
  static func == (left: TargetEntry, right: TargetEntry) -> Bool {
    left.plain == right.plain && left.own.plain == right.own.plain && left.isGiven == right.isGiven
  }

  /// How many instances a namespace may have; `nil` if nothing limits them.
  func limit(of namespace: String) -> Int? { namespaces[namespace]?.maxInstances }

  /// The namespace that a command works in.
  ///
  /// - Parameter name: the one that is named; without one, the target's own is meant.
  /// - Throws: `DiagnosticError` if it is not a usable one.
  func namespace(given name: String?) throws -> String {
    let namespace = name ?? namespace ?? "default"
    guard DNSLabel.isValid(namespace) else {
      throw DiagnosticError(
        Diagnostic(.badName, "`\(namespace)` is not a usable namespace", help: DNSLabel.help))
    }
    return namespace
  }

  /// What a provider is made from, but for what keeps its history: see ``Configuration/makeProvider(_:from:)``.
  ///
  /// - Parameter name: what the target is called.
  func targetOptions(of name: String) -> TargetOptions {
    TargetOptions(
      name: name, region: region, zone: zone, history: history, allow: Set(allow), own: own,
      isGiven: isGiven)
  }
}

/// What holds for a namespace of a target.
struct NamespaceEntry: SpecObject {
  /// How many instances it may have.
  var maxInstances: Int?

  static let schema = ObjectSchema<NamespaceEntry>(
    "namespace", "What holds for a namespace of a target.",
    fields: [
      Field(
        "maxInstances", \.maxInstances, "how many instances it may have there", rules: [.range(0...Int.max)])
    ])
}

/// Who is told of runs, as berth.yaml has it.
struct WebhookEntry: SpecObject {
  /// Where events are posted.
  var url = ""
  /// The reference of the secret that they are signed with.
  var secret = ""
  /// The events that are posted.
  var events = EventKind.allCases.filter { $0 != .progress }

  static let schema = ObjectSchema<WebhookEntry>(
    "webhook", "Who is told of runs.",
    fields: [
      Field("url", \.url, "where events are posted", required: true, rules: [.webAddress]),
      Field("secret", \.secret, "the reference of the secret that they are signed with", required: true),
      Field("events", \.events, "the events that are posted"),
    ])
}

extension EventKind: SpecChoice {}

extension Rule where Subject == String {
  /// A whole address of the web.
  fileprivate static let webAddress = Rule(
    "an address that starts with `https://` or `http://`", schema: [.init("pattern", "^https?://.")],
    code: .badConfiguration
  ) { text in
    if let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false {
      return nil
    }
    return RuleProblem(
      "`\(text)` is not the address of a webhook", help: "write it whole: `https://hooks.example.com/berth`")
  }
}
