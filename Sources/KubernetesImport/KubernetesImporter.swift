import Diagnostics
import SpecImport

/// Turns manifests of Kubernetes into specs, as far as they can say the same, and tells what they can't say.
///
/// Values of Secrets are neither read into specs nor shown: a spec refers to them by name.
package enum KubernetesImporter {
  /// The name of the command that an import is made by.
  static let command = "berth import kubernetes"

  /// Imports what some files describe together.
  ///
  /// Nothing is written. The specs are read back as `berth validate` would, so that what is returned is valid.
  ///
  /// - Parameter paths: files, folders, patterns, or `-` for standard input.
  package static func run(_ paths: [String], options: KubernetesOptions = KubernetesOptions()) -> ImportResult
  {
    var reader = ManifestReader()
    reader.read(paths)
    return run(reader, options)
  }

  /// Imports what a text describes.
  package static func run(
    _ source: SourceFile, options: KubernetesOptions = KubernetesOptions()
  ) -> ImportResult {
    var reader = ManifestReader()
    reader.read(source)
    return run(reader, options)
  }

  private static func run(_ reader: ManifestReader, _ options: KubernetesOptions) -> ImportResult {
    let set = ManifestSet(reader.objects)
    var diagnostics = reader.diagnostics
    set.reportDuplicates(&diagnostics)
    var imported: [ImportedWorkload] = []
    if !diagnostics.hasErrors {
      var reading = ManifestImport(set, options)
      imported = reading.run()
      diagnostics.append(contentsOf: reading.diagnostics)
    }
    if !diagnostics.hasErrors, imported.isEmpty { reportNothing(&diagnostics) }
    if !diagnostics.hasErrors { imported.readBack(engines: options.engines, &diagnostics) }
    let hidden = SecretLines(set)
    return ImportResult(imported, diagnostics.mapped { hidden.hiding($0) }, isStrict: options.isStrict)
  }

  private static func reportNothing(_ diagnostics: inout Diagnostics) {
    diagnostics.report(
      .importNothing, "there is nothing to import in the files",
      help: "give a Deployment, StatefulSet, DaemonSet, ReplicaSet or Pod")
  }
}
