import Diagnostics
import UserFiles
import Values

/// What the environment of a pipeline says of the repository that it runs for, and of how its forge is asked.
public struct ForgePipeline: Sendable {
  /// The kind of forge that the repository is on, which decides the API that is spoken.
  public let forge: Forge
  /// Where its API is, without a slash at the end.
  let api: String
  /// The repository as the API's paths name it: `ada/shop`, or the number of a project.
  let repository: String
  /// What requests are signed with.
  let token: String
  /// The name of the environment variable that the token is from, for messages.
  let tokenVariable: String
  /// The pull request that the pipeline runs for.
  let pullRequest: Int64?
  /// The commit that the pipeline runs for.
  let commit: String?
  /// The branch that the pipeline runs for.
  let branch: String?

  /// The longest description of an event that is read, in bytes.
  private static let eventLimit = 32 * 1024 * 1024

  /// Reads the variables.
  ///
  /// - Throws: `DiagnosticError` if they do not name a repository of the forge, or have no usable token.
  public init(_ forge: Forge, _ variables: [String: String]) throws {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }
    self.forge = forge
    let address: String?
    let place: String?
    let shape: Regex<Substring>
    switch forge {
    case .github:
      (address, place) = (value("GITHUB_API_URL"), value("GITHUB_REPOSITORY"))
      shape = /[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+/
    case .gitea:
      (address, place) = (
        value("GITEA_API_URL", "FORGEJO_API_URL", "GITHUB_API_URL"),
        value("GITEA_REPOSITORY", "FORGEJO_REPOSITORY", "GITHUB_REPOSITORY")
      )
      shape = /[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+/
    case .gitlab:
      // The pipeline of a fork's merge request may run in the fork; the comment belongs to where it is merged to.
      (address, place) = (
        value("CI_API_V4_URL"), value("CI_MERGE_REQUEST_PROJECT_ID", "CI_PROJECT_ID")
      )
      shape = /[0-9]+/
    }
    guard let api = address, let repository = place else {
      throw DiagnosticError(
        Diagnostic(
          .notInPipeline, "the environment is not that of a pipeline of \(forge.title)",
          help: "a job of \(forge.title) has \(Self.expected(forge)) in its environment"))
    }
    guard api.wholeMatch(of: /https?:\/\/[^\s\/?#@]+(\/[^\s?#]*)?/) != nil,
      repository.wholeMatch(of: shape) != nil,
      !repository.split(separator: "/").contains(where: { $0.allSatisfy { $0 == "." } })
    else {
      throw DiagnosticError(
        Diagnostic(
          .notInPipeline,
          "the environment names a repository of \(forge.title) that can be none: `\(repository)` of `\(api)`",
          help: "a job of \(forge.title) has \(Self.expected(forge)) in its environment"))
    }
    self.api = String(api.trimmingSuffix("/"))
    self.repository = repository
    (tokenVariable, token) = try Self.token(forge, variables)
    switch forge {
    case .gitlab:
      pullRequest = value("CI_MERGE_REQUEST_IID").flatMap { Int64($0) }
      (commit, branch) = (value("CI_COMMIT_SHA"), value("CI_COMMIT_BRANCH"))
    case .github, .gitea:
      let number = value("GITHUB_REF")?.wholeMatch(of: /refs\/pull\/([0-9]+)\/.*/).flatMap { Int64($0.1) }
      pullRequest = number ?? value("GITHUB_EVENT_PATH").flatMap(Self.pullRequest(ofEvent:))
      (commit, branch) = (value("GITHUB_SHA"), value("GITHUB_REF_NAME"))
    }
  }

  /// What tells of the pipeline, for a help.
  private static func expected(_ forge: Forge) -> String {
    forge == .gitlab ? "CI_API_V4_URL and CI_PROJECT_ID" : "GITHUB_API_URL and GITHUB_REPOSITORY"
  }

  private static func token(
    _ forge: Forge, _ variables: [String: String]
  ) throws(DiagnosticError) -> (name: String, token: String) {
    let names = forge.tokenVariables
    for name in names {
      let token = variables[name]?.trimmingSuffix("\n") ?? ""
      if token.isEmpty { continue }
      guard token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        throw DiagnosticError(
          Diagnostic(
            .noForgeToken, "\(name) can be no token: it has a character that none has",
            help: "see that the variable holds the token alone, without quotes, spaces or line breaks"))
      }
      return (name, String(token))
    }
    let jobToken =
      forge == .gitlab && variables["CI_JOB_TOKEN"] != nil
      ? "; GitLab lets CI_JOB_TOKEN write no comments" : ""
    throw DiagnosticError(
      Diagnostic(
        .noForgeToken,
        "there is no token for \(forge.title): \(names.joined(separator: " and ")) \(names.count == 1 ? "is" : "are") not set",
        help: help(forge) + jobToken))
  }

  private static func help(_ forge: Forge) -> String {
    switch forge {
    case .github: "give the step `env: {GITHUB_TOKEN: ${{ github.token }}}`"
    case .gitlab: "keep an access token of the project, with the scope `api`, as the variable GITLAB_TOKEN"
    case .gitea: "give the step `env: {GITEA_TOKEN: ${{ secrets.GITEA_TOKEN }}}`"
    }
  }

  /// The pull request of the event that started the pipeline: where a pipeline runs as its base branch says, its ref names
  /// that branch.
  private static func pullRequest(ofEvent path: String) -> Int64? {
    guard let bytes = try? UserFile.bytes(of: path, atMost: eventLimit), let event = try? JSON(parsing: bytes)
    else { return nil }
    if let number = event.at("pull_request", "number")?.int { return number }
    // A comment on a pull request is one on an issue, too.
    return event.at("issue", "pull_request") == nil ? nil : event.at("issue", "number")?.int
  }
}

extension StringProtocol where SubSequence == Substring {
  /// The text without an ending, however often it has it.
  fileprivate func trimmingSuffix(_ ending: Character) -> Substring {
    var rest = self[...]
    while rest.last == ending { rest.removeLast() }
    return rest
  }
}
