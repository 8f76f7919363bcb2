import Foundation
import TestSupport
import Testing

/// The pipelines of one forge, by what starts them.
struct ForgePipelines {
  let stage: PipelineStage
  private var kind: FakeForge.Kind { stage.forge.kind }

  init(_ kind: FakeForge.Kind) async throws {
    stage = try await PipelineStage(kind)
    if kind == .github { try StandInOfGh.install(in: stage.sandbox) }
  }

  /// What happens when a pull request is opened or pushed to.
  func plan(_ number: Int64) throws -> PipelineEnd {
    if kind == .gitlab {
      var variables = stage.forge.environment(pullRequest: number)
      variables["CI_PIPELINE_SOURCE"] = "merge_request_event"
      variables["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = "main"
      variables["CI_MERGE_REQUEST_PROJECT_ID"] = "5"
      return try only(
        "plan", try GitLabPipeline.run(ref: "refs/merge-requests/\(number)/head", variables, stage))
    }
    // Where the base branch says what runs, the ref is that of the base branch.
    var variables = stage.forge.environment()
    variables["GITHUB_EVENT_PATH"] = try stage.sandbox.write(
      "event.json", "{\"number\": \(number), \"pull_request\": {\"number\": \(number)}}")
    return try Workflow.run(
      "plan", on: "pull_request_target", ref: "main", ["github.event.pull_request.number": "\(number)"],
      variables, stage)
  }

  /// What happens when `main` is pushed to.
  func apply(_ commit: String) throws -> PipelineEnd {
    var variables = stage.forge.environment(commit: commit)
    if kind == .gitlab {
      variables["CI_PIPELINE_SOURCE"] = "push"
      return try only("apply", try GitLabPipeline.run(ref: commit, variables, stage))
    }
    variables["GITHUB_EVENT_PATH"] = try stage.sandbox.write("event.json", "{\"ref\": \"refs/heads/main\"}")
    return try Workflow.run("apply", on: "push", ref: commit, [:], variables, stage)
  }

  /// What happens when a person starts an apply of a plan.
  func apply(id: String) throws -> PipelineEnd {
    var variables = stage.forge.environment()
    if kind == .gitlab {
      variables["CI_PIPELINE_SOURCE"] = "web"
      variables["APPLY_ID"] = id
      return try only("apply by id", try GitLabPipeline.run(ref: "main", variables, stage))
    }
    return try Workflow.run(
      "apply", on: "workflow_dispatch", ref: "main", ["inputs.id": id], variables, stage)
  }

  /// What happens at night.
  func drift() throws -> PipelineEnd {
    var variables = stage.forge.environment()
    if kind == .gitlab {
      variables["CI_PIPELINE_SOURCE"] = "schedule"
      return try only("drift", try GitLabPipeline.run(ref: "main", variables, stage))
    }
    return try Workflow.run("drift", on: "schedule", ref: "main", [:], variables, stage)
  }

  /// What happens when a person starts a rollback.
  ///
  /// - Parameter override: why policies are overridden; empty where they are not.
  func rollback(_ workload: String, to release: String, override: String = "") throws -> PipelineEnd {
    var variables = stage.forge.environment()
    if kind == .gitlab {
      variables["CI_PIPELINE_SOURCE"] = "web"
      variables["ROLLBACK_WORKLOAD"] = workload
      variables["ROLLBACK_RELEASE"] = release
      variables["ROLLBACK_OVERRIDE"] = override
      return try only("rollback", try GitLabPipeline.run(ref: "main", variables, stage))
    }
    return try Workflow.run(
      "rollback", on: "workflow_dispatch", ref: "main",
      ["inputs.workload": workload, "inputs.release": release, "inputs.override": override], variables, stage)
  }

  private func only(_ name: String, _ ends: [String: PipelineEnd]) throws -> PipelineEnd {
    try #require(Array(ends.keys) == [name], "these jobs run: \(ends.keys)")
    return try #require(ends[name])
  }

  // MARK: What comes of it

  /// The comment of the pipeline on a pull request.
  func comment(_ number: Int64) -> String? {
    stage.forge.comments(number).last { $0.author == .own }?.text
  }

  /// The open issues of the pipeline: title and text.
  func issues() -> [(title: String, text: String)] {
    if kind == .github { return StandInOfGh.issues(in: stage.sandbox) }
    return stage.forge.issues.filter { $0.isOpen && $0.author == .own }.map { ($0.title, $0.text) }
  }
}

/// What `gh` does that the pipelines ask of it: it keeps one issue in a file.
enum StandInOfGh {
  static func install(in sandbox: Sandbox) throws {
    let program = try sandbox.make(
      "bin/gh",
      """
      #!/bin/bash
      set -eu
      [ -n "$GH_TOKEN" ] && [ "$GH_REPO" = ada/shop ]
      cd "$(dirname "$0")/.."
      case "$1 $2" in
        'issue list')
          [ "$*" = 'issue list --state open --app github-actions --limit 200 --json number,title' ]
          if [ -e issue.md ]; then echo '[{"number": 3, "title": "Other"}, {"number": 8, "title": "Drift on prod"}]'; else echo '[{"number": 3, "title": "Other"}]'; fi ;;
        'issue create') [ "$3 $4 $5" = '--title Drift on prod --body-file' ] && cp "$6" issue.md ;;
        'issue edit') [ "$3 $4" = '8 --body-file' ] && cp "$5" issue.md ;;
        'issue close') [ "$3 $4" = '8 --comment' ] && rm issue.md ;;
        *) exit 64 ;;
      esac

      """)
    chmod(program, 0o755)
  }

  static func issues(in sandbox: Sandbox) -> [(title: String, text: String)] {
    sandbox.contents("issue.md").map { [("Drift on prod", $0)] } ?? []
  }
}
