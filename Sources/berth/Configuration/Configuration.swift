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

  /// Reads the berth.yaml of the working folder or of the nearest folder above it; without one, there is only
  /// `local`.
  ///
  /// - Throws: `DiagnosticError` with everything that is wrong with it.
  static func find(registry: ProviderRegistry = Providers.registry) throws -> Configuration {
    let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    var folder = working
    while true {
      let path = folder == working ? "berth.yaml" : folder.appendingPathComponent("berth.yaml").path
      do {
        let bytes = try UserFile.bytes(
          of: path, atMost: maximumSize, within: FileBoundary(around: folder.path))
        return try ConfigurationReader.read(SourceFile(name: path, bytes: bytes), registry: registry)
      } catch let error as UserFileError where !error.isMissing {
        throw DiagnosticError(Diagnostic(error))
      } catch is UserFileError {}
      if folder.path == "/" { return Configuration() }
      folder.deleteLastPathComponent()
    }
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
  /// How many instances a namespace may have, by its name.
  var limits: [String: Int] = [:]

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
    TargetOptions(name: name, region: region, zone: zone, options: options)
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
