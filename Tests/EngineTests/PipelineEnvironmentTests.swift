import Planning
import Testing

@testable import Engine

@Suite("What CI systems tell of a run goes with its release")
struct PipelineEnvironmentTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let variables: [String: String]
    let expected: [String?]
  }

  static let cases = [
    Case(
      testDescription: "GitHub Actions, a pull request",
      variables: [
        "GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "faster", "GITHUB_REF_NAME": "41/merge",
        "GITHUB_REF": "refs/pull/41/merge", "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "ada/shop", "GITHUB_RUN_ID": "77",
      ], expected: ["faster", "#41", "https://github.com/ada/shop/actions/runs/77"]),
    Case(
      testDescription: "GitHub Actions, a branch",
      variables: [
        "GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main",
        "GITHUB_REF": "refs/heads/main",
      ], expected: ["main", nil, nil]),
    Case(
      testDescription: "GitLab, a merge request",
      variables: [
        "GITLAB_CI": "true", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "faster",
        "CI_COMMIT_REF_NAME": "refs/merge", "CI_MERGE_REQUEST_IID": "7",
        "CI_PIPELINE_URL": "https://gitlab.example/shop/-/pipelines/3",
      ], expected: ["faster", "!7", "https://gitlab.example/shop/-/pipelines/3"]),
    Case(
      testDescription: "Jenkins",
      variables: [
        "JENKINS_URL": "https://ci.example", "BRANCH_NAME": "PR-9", "CHANGE_BRANCH": "faster",
        "CHANGE_ID": "9", "BUILD_URL": "https://ci.example/job/1",
      ], expected: ["faster", "#9", "https://ci.example/job/1"]),
    Case(
      testDescription: "Buildkite, where no pull request is the word false",
      variables: [
        "BUILDKITE": "true", "BUILDKITE_BRANCH": "main", "BUILDKITE_PULL_REQUEST": "false",
        "BUILDKITE_BUILD_URL": "https://buildkite.example/1",
      ], expected: ["main", nil, "https://buildkite.example/1"]),
    Case(
      testDescription: "CircleCI",
      variables: [
        "CIRCLECI": "true", "CIRCLE_BRANCH": "faster",
        "CIRCLE_PULL_REQUEST": "https://github.com/ada/shop/pull/12",
        "CIRCLE_BUILD_URL": "https://circleci.example/5",
      ], expected: ["faster", "#12", "https://circleci.example/5"]),
    Case(
      testDescription: "Azure Pipelines",
      variables: [
        "TF_BUILD": "True", "BUILD_SOURCEBRANCHNAME": "main",
        "SYSTEM_COLLECTIONURI": "https://dev.example/ada/",
        "SYSTEM_TEAMPROJECT": "shop", "BUILD_BUILDID": "8",
      ], expected: ["main", nil, "https://dev.example/ada/shop/_build/results?buildId=8"]),
    Case(
      testDescription: "Woodpecker",
      variables: [
        "CI": "woodpecker", "CI_COMMIT_BRANCH": "main", "CI_COMMIT_PULL_REQUEST": "3",
        "CI_PIPELINE_URL": "https://ci.example/repos/1/pipeline/2",
      ], expected: ["main", "#3", "https://ci.example/repos/1/pipeline/2"]),
  ]

  @Test("Each system is read", arguments: cases)
  func systems(_ each: Case) {
    let read = PipelineEnvironment(each.variables)
    #expect([read?.branch, read?.review, read?.run] == each.expected)
  }

  @Test("A machine that says of no CI system is none")
  func none() {
    #expect(PipelineEnvironment([:]) == nil)
    #expect(PipelineEnvironment(["CI": "true", "GITHUB_REF": "refs/pull/1/merge"]) == nil)
    #expect(PipelineEnvironment(["GITHUB_ACTIONS": ""]) == nil)
  }

  @Test("A commit's own message says best what it was reviewed as, and the address has no password")
  func adding() {
    var pipeline = PipelineEnvironment(["GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/pull/41/merge"])
    pipeline?.run = "https://ada:planted@ci.example/1"
    var origin = Provenance(commit: "c", isDirty: false, author: "Ada")
    #expect(pipeline?.adding(to: origin).review == "#41")
    origin.review = "#7"
    let added = pipeline?.adding(to: origin)
    #expect(added?.review == "#7")
    #expect(added?.pipeline == "https://ci.example/1")
    #expect(added.flatMap { Provenance(plain: $0.plain) } == added)
  }

  @Test(
    "The messages that forges give merges are read",
    arguments: [
      ("Merge pull request #41 from ada/faster\n\nMake it faster\n", "#41"),
      ("Make it faster (#41)", "#41"), ("Make it faster (#41)\n\nlong text", "#41"),
      ("Merge branch 'faster' into 'main'\n\nMake it faster\n\nSee merge request ada/shop!7\n", "!7"),
      ("Merge branch 'x'\n\nSee merge request !7", "!7"),
      ("Make #41 faster", nil), ("Fix (#41) again", nil), ("", nil), ("See merge request of ada", nil),
    ] as [(String, String?)])
  func messages(_ message: String, _ review: String?) {
    #expect(GitProvenance.review(in: message[...]) == review)
  }
}
