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
      let preview = Preview(
        reader: target.reader, target: target.name, secrets: Vaults.resolvers, limit: target.limit)
      let saves = out != nil
      let sight = await preview.look(at: requests.map(\.plan))
      // What a limit of instances leaves to each workload must not depend on which one is first.
      let previews = await requests.concurrentMap(atOnce: target.limit == nil ? 8 : 1) { request in
        await Result(catching: { try await Self.plan(request, preview, sight, saves: saves) })
      }
      let postponed =
        saves
        ? [:] : preview.postponed(previews.map { $0.map(\.plan) }, of: requests.map(\.plan), given: sight)
      var plans: [Plan] = []
      var origins: [WorkloadKey: [String: Provenance]] = [:]
      var saved: [SavedPlan] = []
      var failures = Diagnostics()
      for (index, result) in previews.enumerated() where postponed[index] == nil {
        do {
          let (plan, savedPlan) = try result.get()
          plans.append(plan)
          if format == .markdown, !plan.isEmpty { origins[plan.key] = requests[index].provenance() }
          if let savedPlan { saved.append(savedPlan) }
        } catch let error as DiagnosticError {
          failures.append(contentsOf: error.diagnostics)
        }
      }
      // Of what is not planned for yet there is no identity; nor is a rollback an apply.
      let isWhole = failures.isEmpty && postponed.isEmpty && toRelease == nil
      let review = PlanReview(
        plans, id: isWhole ? PlanIdentity.id(of: plans) : nil,
        command: ApplyWords.words(of: CommandLine.arguments), origins: origins)
      console.write(format.render(review, console.style))
      for (index, error) in postponed.sorted(by: { $0.key < $1.key }) {
        console.note(PostponedText.line(requests[index].plan.key.name, error))
      }
      guard failures.isEmpty else { throw DiagnosticError(failures) }
      if let out {
        try SavedPlans.write(
          try await PlanFile.text(of: saved, target: target.name, on: target.reader), to: out)
        console.note("Saved in \(out); `berth apply \(out)` carries it out.")
      }
      if detailedExitCode, !postponed.isEmpty || plans.contains(where: { !$0.isEmpty }) { throw ExitCode(2) }
    }
  }

  /// Plans for one workload; also as it is saved, if it shall be.
  private static func plan(
    _ request: RunRequest, _ preview: Preview, _ sight: Sight, saves: Bool
  ) async throws -> (plan: Plan, saved: SavedPlan?) {
    guard saves else { return (try await preview.plan(request.plan, given: sight), nil) }
    return try await preview.savedPlan(request.plan, given: sight, provenance: request.provenance())
  }

  private func requests(_ console: Console) async throws -> (Target, [RunRequest]) {
    if let name, let toRelease {
      let target = try await selection.resolve()
      let request = PlanRequest(
        key: try target.key(name), goal: .release(toRelease), runsBefore: runBefore)
      return (target, [RunRequest(request)])
    }
    let (target, loaded) = try await files.load(for: selection, console)
    let requests = try Requests.apply(
      loaded.map(\.workload), services: service, set: set.setName, pauses: pause, pins: pin,
      adoption: adoption.request, on: target)
    let vanished = try await set.vanished(besides: requests.map(\.key), on: target)
    let deletions = set.deletions(of: vanished, console).map { RunRequest($0) }
    return (target, zip(requests, loaded).map { RunRequest($0, from: $1) } + deletions)
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
