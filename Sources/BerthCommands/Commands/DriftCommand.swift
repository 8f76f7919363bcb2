import ArgumentParser
import Engine
import Planning
import Rendering
import WorkloadSpec

/// `berth drift`: compares the live state with the last release.
struct DriftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Show where the live state differs from the last release.",
    discussion: """
      Examples:
        berth drift web
        berth drift web --detailed-exitcode
        berth drift web --deep

      Exit status 0, or 1 for an error. With --detailed-exitcode, 2 means that there is drift.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var selection: TargetSelection

  @Flag(
    help:
      "Read every config file, also those whose time of change says that they are unchanged. It takes longer."
  )
  var deep = false

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with status 2 if there is drift.")
  var detailedExitCode = false

  @Option(help: ArgumentHelp("How to print: \(PlanFormat.list).", valueName: "format"))
  var format = PlanFormat.text

  func run() async throws {
    try await reporting { console in
      let target = try selection.begin()
      let key = try target.key(workload)
      let deep = deep
      let plan = try await target.looking { try await target.planning.drift(of: key, deeply: deep) }
      if plan.isEmpty, format == .text {
        console.say("No drift: \(key.name) is as release \(plan.base.map(String.init) ?? "") says.")
      } else {
        console.write(format.render([plan], console.style))
      }
      if !plan.isEmpty, format == .text { StepSummary.add(PlanMarkdown.render([plan]), console) }
      if detailedExitCode, !plan.isEmpty { throw ExitStatus.changes.code }
    }
  }
}
