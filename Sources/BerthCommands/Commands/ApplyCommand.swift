import ArgumentParser
import Engine
import Forge
import Planning
import Rendering
import WorkloadSpec

/// `berth apply`: makes the target match the files.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make the target match the files, and record a release.",
    discussion: """
      Examples:
        berth apply -f workload.yaml
        berth apply -f base.yaml -f prod.yaml --target prod --yes
        berth apply -f workload.yaml --service clock
        berth apply plan.json
        berth apply -f workload.yaml --expect 5b0e4f0c1d2a39877b6c5d4e3f2a1b0c
        berth apply -f shop/ --set shop-prod --prune
        berth apply -f canary.yaml --pause

      With --expect, berth plans again and goes on only if that is the plan with this id, which berth plan shows as \
      Markdown and JSON: what was reviewed is what is done, also from another commit that says the same. A run that was \
      cut short goes on by the same command. With --expect-comment, a job of a pipeline takes the id from the comment that \
      berth plan --comment wrote, with the same token's user, on the pull request whose merge made the commit.

      With --pin, the release holds the digest of each image, and a rollback to it runs the same bytes. Later applies \
      keep a digest for as long as its tag leads there.

      On a terminal the plan is shown and asked about; without one, or with --yes, it goes ahead. If an action \
      fails, nothing further starts, no release is recorded, and the exit status is 1, or 6 if it took too \
      long. After an interrupt, running actions finish and no more start; the exit status is then 130 (143 \
      after SIGTERM, 129 after SIGHUP), and the same command goes on later. A lock that another run holds is 3, \
      a plan that is another one by now 4, and a policy that does not allow it 5.
      """)

  @Argument(
    help: ArgumentHelp(
      "A plan that `berth plan --out` saved: it is carried out exactly, or refused.", valueName: "plan"),
    completion: .file(extensions: ["json"]))
  var plan: String?

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: TargetSelection
  @OptionGroup var set: SetSelection
  @OptionGroup var options: RunOptions

  @Option(
    help: ArgumentHelp("Apply only this service; repeat it for more.", valueName: "name"),
    completion: .services)
  var service: [String] = []

  @Flag(help: "Go back to the last release if an action fails.")
  var atomic = false

  @Flag(
    help: "With --atomic: run the services of role before, as the last release has them, on the way back.")
  var runBefore = false

  @Flag(
    help: "Stop a canary or blue_green when its first new instances are ready, for berth promote or abort.")
  var pause = false

  @Flag(
    help:
      "Record the tag of each image with the digest that it leads to, so that a rollback gets the same bytes."
  )
  var pin = false

  @OptionGroup var adoption: AdoptionSelection
  @OptionGroup var ownership: OwnershipOption

  @Option(help: ArgumentHelp("Go on only if the plans have this id together.", valueName: "id"))
  var expect: String?

  @Option(
    help: ArgumentHelp(
      "Go on only if it is the plan that the merged pull request was reviewed with: \(Forge.list).",
      valueName: "forge"))
  var expectComment: Forge?

  func validate() throws {
    if let expect, expect.count != 32 || !expect.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) {
      throw ValidationError(
        "invalid value '\(expect)' for --expect: expected the 32 hexadecimal digits that berth plan --format json has under id"
      )
    }
    if expect != nil, expectComment != nil {
      throw ValidationError("--expect-comment finds the id by itself: it takes no --expect.")
    }
    if runBefore, !atomic {
      throw ValidationError(
        "An apply runs the services of role before anyway: --run-before is for the way back, with --atomic.")
    }
    guard let plan else {
      try adoption.check(services: service)
      if set.prune, !service.isEmpty {
        throw ValidationError("--service changes one workload, and --prune deletes others: choose one.")
      }
      return try files.requireFiles()
    }
    if !files.files.isEmpty || !files.variables.isEmpty || !service.isEmpty || set.setName != nil
      || selection.namespace != nil || pause || pin || adoption.request != nil
      || ownership.takeOwnership || expect != nil || expectComment != nil
    {
      throw ValidationError(
        "'\(plan)' is a saved plan and says everything itself: it takes no -f, --var, --service, --set, --pause, --pin, --adopt, --take-ownership, --expect, --expect-comment or -n."
      )
    }
  }

  func run() async throws {
    try await reporting { console in
      let (target, requests) = try await requests(console)
      if requests.contains(where: \.isDeletion) {
        try options.consent.requireConsent(to: "deleting a workload", console)
      }
      try await Runner(target: target, options: options, console: console, atomic: atomic)
        .run(requests, verb: "Apply")
    }
  }

  private func requests(_ console: Console) async throws -> (Target, [WorkloadRequest]) {
    if let plan { return try await saved(plan) }
    let reviewed = try expectComment.map { try ReviewedTarget($0, selection.selection) }
    let expect = try await reviewed?.expected(console) ?? expect
    let (target, requests) = try await read(console)
    guard let expect else { return (target, requests) }
    return (target, requests.map { $0.expecting(expect) })
  }

  /// What files ask for.
  private func read(_ console: Console) async throws -> (Target, [WorkloadRequest]) {
    let (target, loaded) = try await files.load(for: selection, console, heldTo: options.policies)
    try await target.reached()
    let requests = try WorkloadRequest.applying(
      loaded, in: target.namespace, services: service, environment: Environment.all
    ) { request in
      request.setName = set.setName
      request.pause = pause ? EngineEnvironment.live.pause : nil
      request.pins = pin
      request.runsBefore = runBefore
      request.adoption = adoption.request
      request.takesOwnership = ownership.takeOwnership
    }
    let vanished = try await set.vanished(besides: requests.map(\.key), on: target)
    return (target, requests + set.deletions(of: vanished, console))
  }

  /// What a saved plan asks for.
  private func saved(_ path: String) async throws -> (Target, [WorkloadRequest]) {
    let file = try PlanFile(path: path)
    let target = try await selection.resolve(default: file.target, policies: options.policies)
    return (
      target,
      try await file.plans(on: target.reader).map {
        var request = WorkloadRequest($0, pause: EngineEnvironment.live.pause)
        request.runsBefore = runBefore
        request.isForced = set.force
        return request
      }
    )
  }
}
