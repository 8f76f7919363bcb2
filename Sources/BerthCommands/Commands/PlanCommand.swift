import ArgumentParser
import Diagnostics
import Engine
import Forge
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
        berth plan -f workload.yaml --policies policies/
        berth plan -f workload.yaml --format mermaid

      The Markdown and the JSON have an id of all that would be done: berth apply --expect ID does that, or nothing.

      With --comment, a job of a pipeline writes the Markdown on the pull request that it runs for, in one comment that each \
      later run changes. The token is GITHUB_TOKEN, GITLAB_TOKEN, or GITEA_TOKEN or FORGEJO_TOKEN. After the merge, \
      berth apply --expect-comment does what the comment says, or nothing.

      Exit status 0, or 1 for an error; 5 if a policy does not allow what is planned. With \
      --detailed-exitcode, 2 means that there are changes.
      """)

  @Argument(
    help: ArgumentHelp("With --to-release: the workload to plan the rollback of.", valueName: "workload"),
    completion: .pastWorkloads)
  var name: String?

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: TargetSelection
  @OptionGroup var set: SetSelection
  @OptionGroup var policies: PolicySource

  @Option(
    help: ArgumentHelp("Plan only this service; repeat it for more.", valueName: "name"),
    completion: .services)
  var service: [String] = []

  @Option(
    help: ArgumentHelp("Plan the rollback to this release instead of reading files.", valueName: "number"),
    completion: .releases)
  var toRelease: Int?

  @Flag(
    help: "With --to-release: plan for berth rollback --run-before, which runs the services of role before.")
  var runBefore = false

  @Flag(help: "Plan for berth apply --pause: show where a canary or blue_green stops, and what is left then.")
  var pause = false

  @Flag(help: "Plan for berth apply --pin: show the digest that the tag of each image leads to.")
  var pin = false

  @OptionGroup var adoption: AdoptionSelection
  @OptionGroup var ownership: OwnershipOption

  @Flag(
    help:
      "Also ask the engine what it would refuse: a cluster's dry run, which takes the rights of an apply."
  )
  var checkServer = false

  @Option(
    help: ArgumentHelp(
      "Save the plan, for berth apply to carry out exactly or to refuse.", valueName: "file"),
    completion: .file())
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Write the plan as a comment on the pull request that the pipeline runs for: \(Forge.list).",
      valueName: "forge"))
  var comment: Forge?

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with status 2 if there are changes.")
  var detailedExitCode = false

  @Option(help: ArgumentHelp("How to print: \(PlanFormat.list).", valueName: "format"))
  var format = PlanFormat.text

  func validate() throws {
    if toRelease != nil {
      if comment != nil {
        throw ValidationError(
          "A comment is for what a pull request changes: --to-release takes no --comment.")
      }
      if name == nil {
        throw ValidationError("--to-release needs the name of a workload: berth plan web --to-release 4")
      }
      if !files.files.isEmpty {
        throw ValidationError("--to-release plans from the history, so it takes no -f.")
      }
      if !service.isEmpty || set.setName != nil || pause || pin || adoption.request != nil
        || ownership.takeOwnership
      {
        throw ValidationError(
          "A release is restored as a whole: --to-release takes no --service, --set, --pause, --pin, --adopt or --take-ownership."
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
      // The plan is saved and written as a comment, also if its text is not read.
      console.outlivesReader = out != nil || comment != nil
      // Before anything is asked of the target: without a pull request there is nothing to plan for.
      let reviewed = try comment.map { try ReviewedTarget($0, selection.selection) }
      try reviewed?.pipeline.requirePullRequest()
      let shown: Shown
      do {
        shown = try await plan(console)
      } catch {
        await reviewed?.write(error, console)
        throw error
      }
      try await reviewed?.write(shown.review, console)
      // The plans show it; here it stands with its places.
      guard shown.refusals.isEmpty else { throw DiagnosticError(shown.refusals) }
      if detailedExitCode, shown.hasChanges { throw ExitStatus.changes.code }
    }
  }

  /// What was planned, saved and shown.
  private struct Shown {
    let review: PlanReview
    let hasChanges: Bool
    /// What policies do not allow of it.
    let refusals: Diagnostics
  }

  private func plan(_ console: Console) async throws -> Shown {
    let (target, requests) = try await requests(console)
    let saves = out != nil
    let ahead = try await target.looking { try await target.planning.plans(for: requests, saves: saves) }
    // Of what is not planned for yet there is no identity; nor is a rollback an apply.
    let isWhole = ahead.failures.isEmpty && ahead.later.isEmpty && toRelease == nil
    let review = PlanReview(
      ahead.plans, id: isWhole ? PlanIdentity.id(of: ahead.plans) : nil,
      command: ApplyWords.words(of: CommandLine.arguments),
      origins: origins(of: ahead.plans, requests, console))
    if format == .text {
      console.show(ahead.plans)
      StepSummary.add(PlanMarkdown.render(review), console)
    } else {
      console.write(format.render(review, console.style))
    }
    for (key, obstacle) in ahead.later { console.note(PostponedText.line(key.name, obstacle)) }
    guard ahead.failures.isEmpty else { throw DiagnosticError(ahead.failures) }
    let refusals = ahead.plans.flatMap(\.notes).filter { $0.severity == .error }
    if let out, refusals.isEmpty {
      try PlanFile.write(
        try await PlanFile.text(of: ahead.saved, target: target.name, on: target.reader), to: out)
      console.note("Saved in \(out); `berth apply \(out)` carries it out.")
    }
    return Shown(
      review: review, hasChanges: !ahead.later.isEmpty || ahead.plans.contains { !$0.isEmpty },
      refusals: Diagnostics(refusals))
  }

  /// Where the specs of what changes come from, which only the Markdown and the comment show.
  private func origins(
    of plans: [Plan], _ requests: [WorkloadRequest], _ console: Console
  ) -> [WorkloadKey: [String: Provenance]] {
    guard format == .markdown || comment != nil || format == .text && StepSummary.isWanted(console) else {
      return [:]
    }
    let changed = Set(plans.filter { !$0.isEmpty }.map(\.key))
    let meant = requests.filter { changed.contains($0.key) }
    return Dictionary(meant.map { ($0.key, $0.provenance()) }) { first, _ in first }
  }

  private func requests(_ console: Console) async throws -> (Target, [WorkloadRequest]) {
    if let name, let toRelease {
      let target = try selection.begin(policies: policies)
      var request = WorkloadRequest(
        key: try target.key(name), goal: .release(toRelease), runsBefore: runBefore)
      request.asksEngine = checkServer
      return (target, [request])
    }
    let (target, loaded) = try await files.load(for: selection, console, heldTo: policies)
    let requests = try WorkloadRequest.applying(
      loaded, in: target.namespace, services: service, environment: Environment.all
    ) { request in
      request.setName = set.setName
      request.pause = pause ? EngineEnvironment.live.pause : nil
      request.pins = pin
      request.adoption = adoption.request
      request.takesOwnership = ownership.takeOwnership
      request.asksEngine = checkServer
    }
    // Only a set's history has to be read before anything is planned.
    guard set.setName != nil else { return (target, requests) }
    try await target.reached()
    let vanished = try await set.vanished(besides: requests.map(\.key), on: target)
    return (target, requests + set.deletions(of: vanished, console))
  }
}

/// How plans can be printed.
enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown, mermaid, dot

  static let list = allCases.map(\.rawValue).joined(separator: ", ")

  /// Reads a name; `graph` is what `dot` was called at first.
  init?(argument: String) { self.init(rawValue: argument == "graph" ? "dot" : argument) }

  func render(_ plans: [Plan], _ style: TextStyle) -> String { render(PlanReview(plans), style) }

  func render(_ review: PlanReview, _ style: TextStyle) -> String {
    switch self {
    case .text: PlanListText.render(review.plans, style: style)
    case .json: PlanJSON.render(review)
    case .markdown: PlanMarkdown.render(review)
    case .mermaid: GraphMermaid.render(Graph(of: review.plans))
    case .dot: GraphDOT.render(Graph(of: review.plans))
    }
  }
}
