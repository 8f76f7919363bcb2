import Diagnostics
import Foundation
import Testing

@testable import Forge

@Suite("What a pipeline says of its pull request")
struct ForgePipelineTests {
  private static let github = [
    "GITHUB_API_URL": "https://api.github.com", "GITHUB_REPOSITORY": "ada/shop", "GITHUB_TOKEN": "t\n",
  ]
  private static let gitlab = [
    "CI_API_V4_URL": "https://gitlab.example.com/api/v4/", "CI_PROJECT_ID": "9", "GITLAB_TOKEN": "t",
  ]

  @Test("The pull request is that of the ref")
  func ref() throws {
    let pipeline = try ForgePipeline(
      .github, Self.github.merging(["GITHUB_REF": "refs/pull/41/merge"]) { $1 })
    #expect(pipeline.pullRequest == 41)
    #expect(pipeline.token == "t")
    #expect(try ForgePipeline(.github, Self.github).pullRequest == nil)
  }

  @Test(
    "Where the ref is the base branch, the pull request is that of the event",
    arguments: [
      (#"{"pull_request": {"number": 41}}"#, 41),
      (#"{"issue": {"number": 41, "pull_request": {}}}"#, 41),
      (#"{"issue": {"number": 41}}"#, nil), (#"{"ref": "refs/heads/main"}"#, nil),
    ] as [(String, Int64?)])
  func event(_ text: String, _ number: Int64?) throws {
    let path = NSTemporaryDirectory() + "/event-\(UUID().uuidString).json"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let variables = Self.github.merging([
      "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": path,
    ]) { $1 }
    #expect(try ForgePipeline(.github, variables).pullRequest == number)
    #expect(try ForgePipeline(.gitea, variables).pullRequest == number)
  }

  @Test("A merge request of a fork is that of the project it is merged into")
  func fork() throws {
    let pipeline = try ForgePipeline(
      .gitlab,
      Self.gitlab.merging(["CI_MERGE_REQUEST_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "41"]) { $1 })
    #expect(pipeline.repository == "5")
    #expect(pipeline.pullRequest == 41)
    #expect(pipeline.api == "https://gitlab.example.com/api/v4")
  }

  @Test("Gitea's own variables win over those that it has for GitHub's sake")
  func gitea() throws {
    let pipeline = try ForgePipeline(
      .gitea,
      Self.github.merging(["GITEA_API_URL": "https://gitea.example.com/api/v1", "FORGEJO_TOKEN": "f"]) { $1 })
    #expect(pipeline.api == "https://gitea.example.com/api/v1")
    #expect(pipeline.token == "f")
  }

  struct Mistake: Sendable {
    let forge: Forge
    let variables: [String: String]
    let code: DiagnosticCode
    let words: String
  }

  static let mistakes = [
    Mistake(forge: .github, variables: [:], code: .notInPipeline, words: "not that of a pipeline of GitHub"),
    Mistake(
      forge: .github, variables: github.merging(["GITHUB_REPOSITORY": "ada/../x"]) { $1 },
      code: .notInPipeline, words: "`ada/../x`"),
    Mistake(
      forge: .github, variables: github.merging(["GITHUB_REPOSITORY": "ada/.."]) { $1 },
      code: .notInPipeline, words: "`ada/..`"),
    Mistake(
      forge: .github, variables: github.merging(["GITHUB_API_URL": "https://a@b/"]) { $1 },
      code: .notInPipeline, words: "`https://a@b/`"),
    Mistake(
      forge: .gitlab, variables: gitlab.merging(["CI_PROJECT_ID": "9/issues"]) { $1 },
      code: .notInPipeline, words: "`9/issues`"),
    Mistake(
      forge: .github, variables: github.merging(["GITHUB_TOKEN": ""]) { $1 }, code: .noForgeToken,
      words: "GITHUB_TOKEN and GH_TOKEN are not set"),
    Mistake(
      forge: .github, variables: github.merging(["GITHUB_TOKEN": "a\r\nX-Evil: 1"]) { $1 },
      code: .noForgeToken, words: "GITHUB_TOKEN can be no token"),
    Mistake(
      forge: .gitlab, variables: gitlab.merging(["GITLAB_TOKEN": "", "CI_JOB_TOKEN": "j"]) { $1 },
      code: .noForgeToken, words: "GITLAB_TOKEN is not set"),
  ]

  @Test("What is missing or can't be is an error that names it", arguments: mistakes)
  func missing(_ mistake: Mistake) throws {
    #expect {
      _ = try ForgePipeline(mistake.forge, mistake.variables)
    } throws: { error in
      guard let diagnostic = (error as? DiagnosticError)?.diagnostics.first else { return false }
      return diagnostic.code == mistake.code && diagnostic.message.contains(mistake.words)
        && diagnostic.help?.isEmpty == false
    }
  }

  @Test("A pipeline without a pull request has nowhere to comment")
  func notForPullRequest() throws {
    for (forge, variables) in [(Forge.github, Self.github), (.gitlab, Self.gitlab)] {
      #expect {
        try ForgePipeline(forge, variables).requirePullRequest()
      } throws: { ($0 as? DiagnosticError)?.diagnostics.first?.code == .notForPullRequest }
    }
  }
}
