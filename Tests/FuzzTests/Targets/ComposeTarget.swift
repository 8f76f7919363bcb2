import ComposeImport
import Foundation
import Rendering
import WorkloadSpec

extension FuzzTarget {
  /// Compose files: they end in diagnostics that can be shown, or in specs that are valid.
  static let compose = FuzzTarget(name: "compose", seeds: ["Tests/ComposeImportTests/Cases"]) { bytes in
    // The importer reads files, for compose files name others.
    let folder = NSTemporaryDirectory() + "berth-fuzz-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/compose.yaml"))
    var options = ComposeOptions()
    options.name = "app"
    options.outputFolder = folder
    let result = ComposeImporter.run(["\(folder)/compose.yaml"], options: options)
    try checkShown(DiagnosticsText.render(result.diagnostics, style: TextStyle()))
    try promise(result.diagnostics.hasErrors == result.workloads.isEmpty, "neither specs nor errors, or both")
    // The specs that come of it are read back by the importer itself: what is wrong with one is a diagnostic.
    for workload in result.workloads {
      try promise(!workload.text.unicodeScalars.contains("\u{1B}"), "an escape sequence is in the spec")
    }
  }
}
