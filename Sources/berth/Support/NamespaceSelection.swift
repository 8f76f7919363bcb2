import ArgumentParser

/// Which namespace a command works in: the one that is named, or else the one of the target that is meant.
struct NamespaceSelection: ParsableArguments {
  @Option(
    name: [.short, .customLong("target")],
    help: ArgumentHelp("The target, as berth.yaml names it.", valueName: "name"))
  var target: String?

  @Option(name: [.short, .long], help: ArgumentHelp("The namespace of the workload.", valueName: "name"))
  var namespace: String?

  @OptionGroup var configuration: ConfigurationOption

  /// The namespace. No engine is asked for it.
  ///
  /// - Throws: `DiagnosticError` if it is not a usable one, or if there is no such target.
  func resolve() throws -> String {
    let configuration = try configuration.load()
    return try configuration.target(target ?? configuration.usualTarget).namespace(given: namespace)
  }
}
