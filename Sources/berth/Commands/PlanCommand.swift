import ArgumentParser
import Engine
import Planning
import Rendering
import WorkloadSpec

/// `berth plan`: shows what an apply would do.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what would change, and why; never touches anything.",
    discussion: """
      Examples:
        berth plan -f workload.yaml
        berth plan -f base.yaml -f prod.yaml --format markdown
        berth plan web --to-release 4

      Exit status 0, or 1 for an error. With --detailed-exitcode, 2 means that there are changes.
      """)

  @Argument(
    help: ArgumentHelp("With --to-release: the workload to plan the rollback of.", valueName: "workload"))
  var name: String?

  @Option(
    name: [.short, .customLong("file")],
    help: ArgumentHelp(
      "A workload file, a folder of them, or - for standard input. Repeat it to merge later ones over earlier ones.",
      valueName: "path"))
  var files: [String] = []

  @OptionGroup var variables: VariableOptions
  @OptionGroup var selection: TargetSelection

  @Option(help: ArgumentHelp("Plan only this service; repeat it for more.", valueName: "name"))
  var service: [String] = []

  @Option(
    help: ArgumentHelp("Plan the rollback to this release instead of reading files.", valueName: "number"))
  var toRelease: Int?

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with status 2 if there are changes.")
  var detailedExitCode = false

  @Option(help: ArgumentHelp("How to print: \(PlanFormat.list).", valueName: "format"))
  var format = PlanFormat.text

  func validate() throws {
    if toRelease != nil {
      if name == nil {
        throw ValidationError("--to-release needs the name of a workload: berth plan web --to-release 4")
      }
      if !files.isEmpty { throw ValidationError("--to-release plans from the history, so it takes no -f.") }
      if !service.isEmpty {
        throw ValidationError("A release is restored as a whole: --to-release takes no --service.")
      }
    } else {
      if files.isEmpty {
        throw ValidationError("Say what to read: -f workload.yaml, -f folder/, or -f - for standard input.")
      }
      if let name { throw ValidationError("Give the workload '\(name)' by its file: -f workload.yaml") }
    }
  }

  func run() async throws {
    try await reporting { console in
      let target = try selection.resolve()
      let preview = Preview(reader: target.reader, target: target.name)
      var requests: [PlanRequest] = []
      if let name, let toRelease {
        requests.append(PlanRequest(key: try target.key(name), goal: .release(toRelease)))
      } else {
        let options = try variables.loadOptions()
        let loaded = WorkloadLoader.load(paths: files, options: options)
        guard !loaded.diagnostics.hasErrors else { throw DiagnosticError(loaded.diagnostics) }
        console.warn(loaded.diagnostics)
        requests = try Requests.apply(loaded.workloads.map(\.workload), services: service, on: target)
      }
      var plans: [Plan] = []
      var failures = Diagnostics()
      for request in requests {
        do {
          plans.append(try await preview.plan(request))
        } catch let error as DiagnosticError {
          failures.append(contentsOf: error.diagnostics)
        }
      }
      console.write(format.render(plans, console.style))
      guard failures.isEmpty else { throw DiagnosticError(failures) }
      if detailedExitCode, plans.contains(where: { !$0.isEmpty }) { throw ExitCode(2) }
    }
  }
}

/// How plans can be printed.
enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown, graph

  static let list = allCases.map(\.rawValue).joined(separator: ", ")

  func render(_ plans: [Plan], _ style: TextStyle) -> String {
    switch self {
    case .text: plans.map { PlanText.render($0, style: style) }.joined(separator: "\n")
    case .json: CanonicalJSON.pretty(["plans": .list(plans.map { PlanJSON.value($0) })])
    case .markdown: plans.map { PlanMarkdown.render($0) }.joined(separator: "\n")
    case .graph: plans.map { PlanGraph.render($0) }.joined(separator: "\n")
    }
  }
}
