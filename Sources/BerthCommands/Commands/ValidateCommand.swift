import ArgumentParser
import ProviderKit
import Rendering

/// `berth validate`: says everything that is wrong with workload files.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check workload files; report everything that is wrong in one run.",
    discussion: """
      Example:
        berth validate -f workload.yaml

      Needs no engine: only the language is checked. A target is named where a variable's default says `${target}` or
      `${namespace}`. Exit status 1 if there is an error.
      """)

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: NamespaceSelection

  @Option(help: ArgumentHelp("How to print: \(DiagnosticsFormat.list).", valueName: "format"))
  var format = DiagnosticsFormat.text

  func validate() throws { try files.requireFiles() }

  func run() async throws {
    try await reporting { console in
      let result = try files.read(for: selection)
      switch format {
      case .text:
        if !result.diagnostics.isEmpty {
          console.writeError(DiagnosticsText.render(result.diagnostics, style: console.errorStyle))
        }
        if !result.diagnostics.hasErrors {
          let names = result.workloads.map(\.workload.name).joined(separator: ", ")
          let noun = result.workloads.count == 1 ? "workload is" : "workloads are"
          console.write("\(result.workloads.count) \(noun) valid: \(names)\n")
        }
      case .json: console.write(DiagnosticsJSON.render(result.diagnostics))
      case .sarif: console.write(DiagnosticsSARIF.render(result.diagnostics, version: BerthVersion.text))
      case .github: console.write(DiagnosticsGitHub.render(result.diagnostics))
      case .gitlab: console.write(DiagnosticsGitLab.render(result.diagnostics))
      }
      if result.diagnostics.hasErrors { throw ExitCode.failure }
    }
  }
}

/// How diagnostics can be printed.
enum DiagnosticsFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, sarif, github, gitlab

  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
