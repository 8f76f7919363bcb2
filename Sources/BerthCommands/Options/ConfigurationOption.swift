import ArgumentParser

/// Which configuration a command goes by.
struct ConfigurationOption: ParsableArguments {
  @Option(
    name: .customLong("config"),
    help: ArgumentHelp(
      "The configuration, instead of a berth.yaml that is looked for; or BERTH_CONFIG. Only one that is given may "
        + "name engines that are reached by the network or by ssh.", valueName: "file"),
    completion: .specs)
  var path: String?

  /// Reads it.
  ///
  /// - Throws: `DiagnosticError` with everything that is wrong with it.
  func load() throws -> Configuration { try Configuration.load(given: path) }
}
