import ArgumentParser
import ComposeImport
import Foundation
import SpecImport
import WorkloadSpec

/// `berth import compose`: turns compose files into specs.
struct ImportComposeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compose",
    abstract: "Turn compose files into workload specs; say what has no equivalent.",
    discussion: """
      Examples:
        berth import compose compose.yaml > workload.yaml
        berth import compose compose.yaml compose.prod.yaml --out workloads/
        berth import compose compose.yaml --main web --strict
        berth import compose compose.yaml --split --out workloads/

      Services that name each other become one workload. With --split, each becomes a workload of its own, which is \
      scaled by itself; texts that name another as a host get its address. What has no equivalent is told on standard \
      error, line by line, and stands in a comment of the spec.
      """)

  @Argument(
    help: ArgumentHelp(
      """
      Compose files, or - for standard input; a later one is merged over the earlier ones. Without any, those that \
      COMPOSE_FILE names, or that compose finds in the working folder and those above it.
      """, valueName: "file"), completion: .specs)
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "Take the services of this profile, too; repeat it for more. Without any, those of COMPOSE_PROFILES.",
      valueName: "name"))
  var profile: [String] = []

  @Option(
    help: ArgumentHelp("Make this the main service of its workload; repeat it for more.", valueName: "name"))
  var main: [String] = []

  @Flag(
    help:
      "Make each service a workload of its own, as far as it can be one, and have them find each other by addresses."
  )
  var split = false

  @Flag(help: "Fill variables in, as compose does, instead of keeping them as variables of the spec.")
  var resolve = false

  @Option(
    help: ArgumentHelp("The name of the project, which the workloads are named after.", valueName: "name"))
  var name: String?

  @Option(
    name: .customLong("env-file"),
    help: ArgumentHelp(
      "Read variables from here instead of from .env; repeat it for more.", valueName: "path"))
  var environmentFiles: [String] = []

  @OptionGroup var allowance: FileAllowance

  @OptionGroup var target: ImportTarget

  func run() async throws {
    try await reporting { console in
      let options = try options()
      let project = ProjectFiles(files, options: options)
      guard !project.paths.isEmpty else {
        throw ValidationError(
          "There is no compose file in this folder or above it: name one, or - for standard input.")
      }
      try target.deliver(ComposeImporter.run(project, options: options), to: console)
    }
  }

  private func options() throws -> ComposeOptions {
    var options = ComposeOptions()
    options.name = name
    options.profiles = profile
    options.mains = main
    options.splits = split
    options.resolvesVariables = resolve
    options.isStrict = target.strict
    options.environmentFiles = environmentFiles
    options.allowedFolders = try allowance.checked()
    options.environment = Environment.all
    options.workingFolder = FileManager.default.currentDirectoryPath
    options.outputFolder = target.output?.folder ?? ""
    options.engines = Providers.registry.engines
    return options
  }
}
