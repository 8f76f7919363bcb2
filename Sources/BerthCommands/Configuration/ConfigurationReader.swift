import Diagnostics
import ProviderKit
import WorkloadSpec
import YAMLNodes

/// Reads berth.yaml.
enum ConfigurationReader {
  /// Reads a file.
  ///
  /// - Parameter registry: the kinds of provider, whose options are known by it.
  /// - Throws: `DiagnosticError` with everything that is wrong with the file.
  static func read(_ file: SourceFile, registry: ProviderRegistry) throws -> Configuration {
    var decoder = SpecDecoder()
    decoder.context = registry
    decoder.engines = registry.engines
    let root = YAMLReader.read(file, into: &decoder.diagnostics).documents.first { !$0.isNull }
    let written = root.flatMap { ConfigurationFile.read($0, by: &decoder) } ?? ConfigurationFile()
    let configuration = Configuration(written)
    if let name = written.default, !configuration.targetNames.contains(name), let place = root?["default"] {
      let known = configuration.targetNames
      decoder.report(
        .badConfiguration, "the default is `\(name)`, and there is no such target", at: place,
        help: Suggestion.help(for: name, among: known)
          ?? "it is one of \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
    configuration.checkStores(in: root, by: &decoder)
    guard !decoder.diagnostics.hasErrors else { throw DiagnosticError(decoder.diagnostics) }
    return configuration
  }
}

extension Configuration {
  fileprivate init(_ file: ConfigurationFile) {
    targets = Dictionary(file.targets.entries.map { ($0.name, $0.object) }) { first, _ in first }
    defaultTarget = file.default
    webhook = file.webhook
    policies = file.policies
  }
}
