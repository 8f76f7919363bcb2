import ArgumentParser
import Diagnostics
import Engine
import Planning
import Rendering
import Values

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
        berth plan -f workload.yaml --out plan.json

      The Markdown and the JSON have an id of all that would be done: berth apply --expect ID does that, or nothing.

      Exit status 0, or 1 for an error. With --detailed-exitcode, 2 means that there are changes.
      """)

  @Argument(
    help: ArgumentHelp("With --to-release: the workload to plan the rollback of.", valueName: "workload"))
  var name: String?

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: TargetSelection
  @OptionGroup var set: SetSelection

  @Option(help: ArgumentHelp("Plan only this service; repeat it for more.", valueName: "name"))
  var service: [String] = []

  @Option(
    help: ArgumentHelp("Plan the rollback to this release instead of reading files.", valueName: "number"))
  var toRelease: Int?

  @Flag(
    help: "With --to-release: plan for berth rollback --run-before, which runs the services of role before.")
  var runBefore = false

  @Flag(help: "Plan for berth apply --pause: show where a canary or blue_green stops, and what is left then.")
  var pause = false

  @Flag(help: "Plan for berth apply --pin: show the digest that the tag of each image leads to.")
  var pin = false

  @OptionGroup var adoption: AdoptionSelection

  @Option(
    help: ArgumentHelp(
      "Save the plan, for berth apply to carry out exactly or to refuse.", valueName: "file"))
  var out: String?

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with status 2 if there are changes.")
  var detailedExitCode = false

  @Option(help: ArgumentHelp("How to print: \(PlanFormat.list).", valueName: "format"))
  var format = PlanFormat.text

  func validate() throws {
    if toRelease != nil {
      if name == nil {
        throw ValidationError("--to-release needs the name of a workload: berth plan web --to-release 4")
      }
      if !files.files.isEmpty {
        throw ValidationError("--to-release plans from the history, so it takes no -f.")
      }
      if !service.isEmpty || set.setName != nil || pause || pin || adoption.request != nil {
        throw ValidationError(
          "A release is restored as a whole: --to-release takes no --service, --set, --pause, --pin or --adopt."
        )
      }
    } else {
      if runBefore {
        throw ValidationError(
          "An apply runs the services of role before anyway: --run-before is for --to-release.")
      }
      try files.requireFiles()
      try adoption.check(services: service)
      if set.prune, !service.isEmpty {
        throw ValidationError("--service changes one workload, and --prune deletes others: choose one.")
      }
      if let name { throw ValidationError("Give the workload '\(name)' by its file: -f workload.yaml") }
    }
  }

  func run() async throws {
    try await reporting { console in
      var console = console
      // The plan is saved, also if its text is not read.
      console.outlivesReader = out != nil
      let (target, requests) = try await requests(console)
      let ahead = try await target.planning.plans(for: requests, saves: out != nil)
      // Of what is not planned for yet there is no identity; nor is a rollback an apply.
      let isWhole = ahead.failures.isEmpty && ahead.later.isEmpty && toRelease == nil
      let review = PlanReview(
        ahead.plans, id: isWhole ? PlanIdentity.id(of: ahead.plans) : nil,
        command: ApplyWords.words(of: CommandLine.arguments), origins: origins(of: ahead.plans, requests))
      console.write(format.render(review, console.style))
      for (key, obstacle) in ahead.later { console.note(PostponedText.line(key.name, obstacle)) }
      guard ahead.failures.isEmpty else { throw DiagnosticError(ahead.failures) }
      if let out {
        try PlanFile.write(
          try await PlanFile.text(of: ahead.saved, target: target.name, on: target.reader), to: out)
        console.note("Saved in \(out); `berth apply \(out)` carries it out.")
      }
      if detailedExitCode, !ahead.later.isEmpty || ahead.plans.contains(where: { !$0.isEmpty }) {
        throw ExitCode(2)
      }
    }
  }

  /// Where the specs of what changes come from, which only the Markdown shows.
  private func origins(
    of plans: [Plan], _ requests: [WorkloadRequest]
  ) -> [WorkloadKey: [String: Provenance]] {
    guard format == .markdown else { return [:] }
    let changed = Set(plans.filter { !$0.isEmpty }.map(\.key))
    let meant = requests.filter { changed.contains($0.key) }
    return Dictionary(meant.map { ($0.key, $0.provenance()) }) { first, _ in first }
  }

  private func requests(_ console: Console) async throws -> (Target, [WorkloadRequest]) {
    if let name, let toRelease {
      let target = try await selection.resolve()
      let request = WorkloadRequest(
        key: try target.key(name), goal: .release(toRelease), runsBefore: runBefore)
      return (target, [request])
    }
    let (target, loaded) = try await files.load(for: selection, console)
    let requests = try WorkloadRequest.applying(
      loaded, in: target.namespace, services: service, environment: Environment.all
    ) { request in
      request.setName = set.setName
      request.pause = pause ? EngineEnvironment.live.pause : nil
      request.pins = pin
      request.adoption = adoption.request
    }
    let vanished = try await set.vanished(besides: requests.map(\.key), on: target)
    return (target, requests + set.deletions(of: vanished, console))
  }
}

/// How plans can be printed.
enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown, graph

  static let list = allCases.map(\.rawValue).joined(separator: ", ")

  func render(_ plans: [Plan], _ style: TextStyle) -> String { render(PlanReview(plans), style) }

  func render(_ review: PlanReview, _ style: TextStyle) -> String {
    switch self {
    case .text: PlanListText.render(review.plans, style: style)
    case .json: PlanJSON.render(review)
    case .markdown: PlanMarkdown.render(review)
    case .graph: review.plans.map { PlanGraph.render($0) }.joined(separator: "\n")
    }
  }
}
