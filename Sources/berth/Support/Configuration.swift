import Foundation
import WorkloadSpec

/// What berth.yaml says: the targets.
struct Configuration {
  /// A target as it is written.
  struct Entry {
    var provider = "local"
    /// The default of `-n`.
    var namespace: String?
    /// Everything else, for the provider to read.
    var options = StringMap()
  }

  private(set) var targets: [String: Entry] = [:]
  /// The target that is meant where none is named.
  private(set) var defaultTarget: String?

  /// The target with a name; `local` needs no berth.yaml.
  func target(_ name: String) throws -> Entry {
    if let entry = targets[name] { return entry }
    if name == "local" { return Entry() }
    let known = (targets.keys + ["local"]).sorted()
    throw DiagnosticError(
      Diagnostic(
        .badConfiguration, "there is no target `\(name)`",
        help: Suggestion.help(for: name, among: known)
          ?? "the known targets are \(known.map { "`\($0)`" }.joined(separator: ", ")); targets are named in berth.yaml"
      ))
  }

  /// Reads the berth.yaml of the working folder or of the nearest folder above it; without one, there is only
  /// `local`.
  static func find() throws -> Configuration {
    var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    while true {
      let path = folder.appendingPathComponent("berth.yaml").path
      if let data = FileManager.default.contents(atPath: path) {
        return try read(SourceFile(name: path, bytes: Array(data)))
      }
      if folder.path == "/" { return Configuration() }
      folder.deleteLastPathComponent()
    }
  }

  /// Reads a berth.yaml.
  ///
  /// - Throws: `DiagnosticError` with everything that is wrong with it.
  static func read(_ file: SourceFile) throws -> Configuration {
    var diagnostics = Diagnostics()
    let tree = YAMLReader.read(file, into: &diagnostics)
    var configuration = Configuration()
    if let root = tree.documents.first, !root.isNull { configuration.read(root, &diagnostics) }
    guard !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
    return configuration
  }

  private mutating func read(_ root: Node, _ diagnostics: inout Diagnostics) {
    for (key, value) in Self.members(of: root, "berth.yaml", &diagnostics) {
      switch key.text {
      case "targets":
        for (name, node) in Self.members(of: value, "`targets`", &diagnostics) {
          targets[name.text] = Self.entry(node, &diagnostics)
        }
      case "default": defaultTarget = value.text
      default:
        diagnostics.report(
          .unknownKey, "berth.yaml has no key `\(key.text)`", at: key.location,
          help: Suggestion.help(for: key.text, among: ["targets", "default"])
            ?? "it has `targets` and `default`")
      }
    }
  }

  private static func entry(_ node: Node, _ diagnostics: inout Diagnostics) -> Entry {
    var entry = Entry()
    var hasProvider = false
    for (key, value) in members(of: node, "a target", &diagnostics) {
      guard value.kind == .scalar else {
        diagnostics.report(.wrongType, "`\(key.text)` of a target must be text", at: value.location)
        continue
      }
      switch key.text {
      case "provider":
        entry.provider = value.text
        hasProvider = true
      case "namespace": entry.namespace = value.text
      default: entry.options[key.text] = value.text
      }
    }
    if !hasProvider, node.kind == .mapping {
      diagnostics.report(
        .badConfiguration, "this target has no `provider`", at: node.location, help: "add `provider: local`")
    }
    return entry
  }

  private static func members(
    of node: Node, _ what: String, _ diagnostics: inout Diagnostics
  ) -> [(key: Node, value: Node)] {
    if node.kind == .mapping {
      var seen: Set<String> = []
      for (key, _) in node.members where !seen.insert(key.text).inserted {
        diagnostics.report(
          .duplicateKey, "the key `\(key.text)` stands twice", at: key.location, help: "delete one of the two"
        )
      }
      return node.members
    }
    diagnostics.report(.wrongType, "\(what) must be a mapping", at: node.location)
    return []
  }
}
