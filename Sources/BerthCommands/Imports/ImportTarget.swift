import ArgumentParser
import Diagnostics
import SpecImport

/// Where the specs of an import go, and what stops it: the options of all imports.
struct ImportTarget: ParsableArguments {
  @Flag(help: "Write nothing if anything is lost or changed.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "Write to this file, or a file for each workload into this folder.", valueName: "path"))
  var out: String?

  @Flag(help: "With --out: overwrite files that are there already.")
  var force = false

  /// The file or the folder; `nil` for standard output.
  var output: ImportOutput? { out.map { ImportOutput(path: $0, overwrites: force) } }

  /// Tells what came of an import, and writes the specs.
  ///
  /// - Throws: ``DiagnosticError`` if there are none, or if they can't be written.
  func deliver(_ result: ImportResult, to console: Console) throws {
    guard !result.diagnostics.hasErrors else { throw DiagnosticError(result.diagnostics) }
    var result = result
    ImportPermissions.tell(in: &result)
    console.warn(result.diagnostics)
    guard let output else { return console.write(exactly: result.text) }
    for path in try output.write(result) { console.note("Written to \(path)") }
  }
}
