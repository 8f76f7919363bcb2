import Diagnostics
import Foundation
import KubernetesImport
import Rendering

extension FuzzTarget {
  /// Manifests of Kubernetes: they end in diagnostics that can be shown, or in specs that are valid.
  static let kubernetes = FuzzTarget(name: "kubernetes", seeds: ["Tests/KubernetesImportTests/Cases"]) {
    bytes in
    var options = KubernetesOptions()
    options.network = "shop"
    let result = KubernetesImporter.run(SourceFile(name: "manifests.yaml", bytes: bytes), options: options)
    try checkShown(DiagnosticsText.render(result.diagnostics, style: TextStyle()))
    try promise(result.diagnostics.hasErrors == result.workloads.isEmpty, "neither specs nor errors, or both")
    // The specs that come of it are read back by the importer itself: what is wrong with one is a diagnostic.
    for workload in result.workloads {
      try promise(!workload.text.unicodeScalars.contains("\u{1B}"), "an escape sequence is in the spec")
    }
  }
}
