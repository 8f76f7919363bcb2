import Foundation
import ProviderKit
import Rendering
import UserFiles
import WorkloadSpec

/// What berth.yaml says: the targets, and who is told of runs.
struct Configuration: Sendable {
  /// The targets, by name.
  var targets: [String: TargetEntry] = [:]
  /// The target that is meant where none is named.
  var defaultTarget: String?
  /// Who is told of what runs do.
  var webhook: WebhookEntry?
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
struct TargetEntry: Sendable {
  /// The kind of engine.
  var provider = "local"
  /// The default of `-n`.
  var namespace: String?
  /// Where it is.
  var region: String?
  /// Where in the region it is.
  var zone: String?
  /// What only this kind of provider knows.
  var options = StringMap()
  /// The same, as far as it is a list.
  var lists: [String: [String]] = [:]
  /// How many instances a namespace may have, by its name.
  var limits: [String: Int] = [:]
  /// Whether the user gave the configuration that it stands in, and it was not found.
  var isGiven = false

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

  /// The provider of this entry.
  ///
  /// - Parameter name: what the target is called.
  /// - Throws: `DiagnosticError` if there is no such kind, or if it can't use its options.
  func makeProvider(_ name: String, from registry: ProviderRegistry) throws -> any Provider {
    try registry.get(provider).make(targetOptions(of: name))
  }

  /// What a provider is made from.
  ///
  /// - Parameter name: what the target is called.
  func targetOptions(of name: String) -> TargetOptions {
    TargetOptions(
      name: name, region: region, zone: zone, options: options, lists: lists, isGiven: isGiven)
  }
}

/// Who is told of runs, as berth.yaml has it.
struct WebhookEntry: Sendable {
  /// Where events are posted.
  var url = ""
  /// The reference of the secret that they are signed with.
  var secret = ""
  /// The events that are posted.
  var events = Set(EventKind.allCases).subtracting([.progress])
}
