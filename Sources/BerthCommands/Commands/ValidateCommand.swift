import ArgumentParser
import Diagnostics
import Policies
import ProviderKit
import Rendering
import WorkloadSpec

/// `berth validate`: says everything that is wrong with workload files.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check workload files; report everything that is wrong in one run.",
    discussion: """
      Examples:
        berth validate -f workload.yaml
        berth validate -f workload.yaml --policies policies/ --format github

      Needs no engine: the language is checked, and what policies say of fields. A target is named where a variable's \
      default says `${target}` or `${namespace}`, or where a policy is for some targets only. Exit status 1 if there is \
      an error, and 5 if there is none but that a policy does not allow something.
      """)

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: NamespaceSelection
  @OptionGroup var policies: PolicySource

  @Option(help: ArgumentHelp("How to print: \(DiagnosticsFormat.list).", valueName: "format"))
  var format = DiagnosticsFormat.text

  func validate() throws { try files.requireFiles() }

  func run() async throws {
    try await reporting { console in
      let result = try files.read(for: selection)
      let path = RepositoryPath(Environment.all).callAsFunction
      var diagnostics = result.diagnostics
      diagnostics.append(contentsOf: try findings(in: result.workloads))
      switch format {
      case .text:
        console.warn(diagnostics)
        if !diagnostics.hasErrors {
          let names = result.workloads.map(\.workload.name).joined(separator: ", ")
          let noun = result.workloads.count == 1 ? "workload is" : "workloads are"
          console.write("\(result.workloads.count) \(noun) valid: \(names)\n")
        }
      case .json: console.write(DiagnosticsJSON.render(diagnostics))
      case .sarif: console.write(DiagnosticsSARIF.render(diagnostics, version: BerthVersion.text))
      case .github: console.write(exactly: DiagnosticsGitHub.render(diagnostics, path: path))
      case .gitlab: console.write(DiagnosticsGitLab.render(diagnostics, path: path))
      }
      if diagnostics.hasErrors { throw ExitStatus(diagnostics).code }
    }
  }

  /// What policies say of the workloads' fields.
  private func findings(in workloads: [LoadedWorkload]) throws -> Diagnostics {
    let policies = try self.policies.policies(with: selection.configuration.load())
    var found = Diagnostics()
    guard !policies.isEmpty else { return found }
    let place = try selection.destination()
    for loaded in workloads {
      let subject = PolicySubject(loaded, namespace: place.namespace, target: place.target)
      found.append(contentsOf: policies.verdict(on: subject).notes())
    }
    return found.sortedByPlace()
  }
}

/// How diagnostics can be printed.
enum DiagnosticsFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, sarif, github, gitlab

  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
