import Diagnostics
import WorkloadSpec
import YAMLNodes

/// Reads files of policies.
struct PolicyReader {
  /// What engines declare for `on`.
  let engines: [EngineFields]

  /// The policies of each document.
  ///
  /// - Throws: `DiagnosticError` with everything that is wrong with the files.
  func read(_ files: [SourceFile]) throws(DiagnosticError) -> [NamedObjects<Policy>] {
    var decoder = SpecDecoder()
    decoder.engines = engines
    var policies: [NamedObjects<Policy>] = []
    for file in files {
      let errors = decoder.diagnostics.count
      let documents = YAMLReader.read(file, into: &decoder.diagnostics).documents.filter { !$0.isNull }
      // A file that says nothing by mistake would let everything pass.
      if documents.isEmpty, decoder.diagnostics.count == errors {
        decoder.diagnostics.report(
          .noDocument, "there is no document in `\(file.name)`",
          at: SourceLocation(file: file, line: 1, column: 1),
          help: "a file of policies begins with `policies:`")
      }
      policies += documents.compactMap { PolicyFile.read($0, by: &decoder)?.policies }
    }
    guard !decoder.diagnostics.hasErrors else { throw DiagnosticError(decoder.diagnostics) }
    return policies
  }
}
