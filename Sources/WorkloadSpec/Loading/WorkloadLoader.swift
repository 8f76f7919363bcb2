import Diagnostics

/// Reads workloads: from files to values, with all that is wrong with them.
public enum WorkloadLoader {
  /// Reads the workloads of files.
  ///
  /// Each path is a layer: a file, a folder, a pattern such as `env/*.yaml`, or `-` for standard input. Of a
  /// folder, its `*.yaml` and `*.yml` files are read in order of their names; folders inside of it, hidden
  /// files and `berth.yaml`, which is no workload, are not. A workload that stands in two layers is merged,
  /// the later over the earlier; one that stands twice in a layer is an error.
  public static func load(paths: [String], options: LoadOptions = LoadOptions()) -> LoadResult {
    var reader = FileReader(allowing: options.allowedFolders)
    let layers = paths.map { reader.sources(at: $0) }
    return load(layers, options: options, after: reader.diagnostics)
  }

  /// Reads the workloads of texts, a list of them for each layer. Only the options' variable files and the files
  /// that the texts name are read from disk.
  public static func load(layers: [[SourceFile]], options: LoadOptions = LoadOptions()) -> LoadResult {
    load(layers, options: options, after: Diagnostics())
  }

  private static func load(
    _ layers: [[SourceFile]], options: LoadOptions, after diagnostics: Diagnostics
  ) -> LoadResult {
    var documents = DocumentCollection(diagnostics: diagnostics)
    for layer in layers { documents.add(layer: layer) }
    var reading = WorkloadReading(
      given: GivenVariables(options, reportingTo: &documents.diagnostics),
      configFiles: ConfigFileContents(allowing: options.allowedFolders), engines: options.engines,
      diagnostics: documents.diagnostics)
    for document in documents.documents { reading.read(document) }
    return reading.result()
  }
}
