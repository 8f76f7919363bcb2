import Planning

/// What a CI system tells its jobs about the run that they are part of, by environment variables.
///
/// Known are GitHub Actions and those that have its variables (Gitea, Forgejo), GitLab CI, Jenkins, Buildkite, CircleCI,
/// Azure Pipelines and Woodpecker. What they say goes into releases and is shown; nothing is decided by it.
public struct PipelineEnvironment: Sendable, Equatable {
  /// The branch that the run is for; of a pull request, the one that it comes from.
  public var branch: String?
  /// What the change is reviewed as: `#41`, `!41`.
  public var review: String?
  /// The address of the run, for a browser.
  public var run: String?

  /// Reads variables; `nil` if they are of no CI system that is known.
  public init?(_ variables: [String: String]) {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }
    func number(_ name: String, sign: String = "#") -> String? {
      value(name).flatMap { Int($0) }.map { "\(sign)\($0)" }
    }

    if value("GITHUB_ACTIONS") != nil {
      branch = value("GITHUB_HEAD_REF", "GITHUB_REF_NAME")
      review = value("GITHUB_REF")?.firstMatch(of: /^refs\/pull\/([0-9]+)\//).map { "#\($0.1)" }
      if let server = value("GITHUB_SERVER_URL"), let repository = value("GITHUB_REPOSITORY"),
        let id = value("GITHUB_RUN_ID")
      {
        run = "\(server)/\(repository)/actions/runs/\(id)"
      }
    } else if value("GITLAB_CI") != nil {
      branch = value("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME")
      review = number("CI_MERGE_REQUEST_IID", sign: "!")
      run = value("CI_PIPELINE_URL")
    } else if value("JENKINS_URL") != nil {
      branch = value("CHANGE_BRANCH", "BRANCH_NAME")
      review = number("CHANGE_ID")
      run = value("BUILD_URL")
    } else if value("BUILDKITE") != nil {
      branch = value("BUILDKITE_BRANCH")
      review = number("BUILDKITE_PULL_REQUEST")
      run = value("BUILDKITE_BUILD_URL")
    } else if value("CIRCLECI") != nil {
      branch = value("CIRCLE_BRANCH")
      review = value("CIRCLE_PULL_REQUEST")?.firstMatch(of: /\/([0-9]+)$/).map { "#\($0.1)" }
      run = value("CIRCLE_BUILD_URL")
    } else if value("TF_BUILD") != nil {
      branch = value("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCHNAME")
      review = number("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
      if let server = value("SYSTEM_COLLECTIONURI"), let project = value("SYSTEM_TEAMPROJECT"),
        let id = value("BUILD_BUILDID")
      {
        run = "\(server)\(project)/_build/results?buildId=\(id)"
      }
    } else if value("CI") == "woodpecker" {
      branch = value("CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH")
      review = number("CI_COMMIT_PULL_REQUEST")
      run = value("CI_PIPELINE_URL")
    } else {
      return nil
    }
  }

  /// A commit with what is known of the run. What its own message says that it was reviewed as counts: the run after a merge
  /// is for no pull request.
  public func adding(to origin: Provenance) -> Provenance {
    var origin = origin
    origin.branch = branch
    origin.review = origin.review ?? review
    origin.pipeline = run.map(GitProvenance.withoutCredentials)
    return origin
  }
}
