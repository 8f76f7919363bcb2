import Diagnostics
import NIOHTTP1
import Values

/// The comments on pull requests that berth writes and finds again, each by a marker at its beginning.
///
/// Only comments of the token's own user count: one of another user is neither changed nor believed, whatever it begins with.
public struct ReviewComments: Sendable {
  /// What became of a comment.
  public enum Outcome: String, Sendable {
    case created, updated, unchanged
  }

  private let client: ForgeClient
  private let paths: ForgePaths
  private let options: ForgeOptions
  private var pipeline: ForgePipeline { client.pipeline }

  /// The most pages of comments that are read.
  private static let pageLimit = 400

  private init(_ client: ForgeClient, _ options: ForgeOptions) {
    self.client = client
    self.options = options
    paths = ForgePaths(client.pipeline)
  }

  /// Opens what is needed to ask the forge, and closes it in the end.
  ///
  /// - Parameter agent: what requests call their sender: `berth/1.0.0`.
  public static func of<Result: Sendable>(
    _ pipeline: ForgePipeline, agent: String, options: ForgeOptions = ForgeOptions(),
    _ body: (ReviewComments) async throws -> Result
  ) async throws -> Result {
    let client = ForgeClient(pipeline, agent: agent, options: options)
    do {
      let result = try await body(ReviewComments(client, options))
      await client.shutDown()
      return result
    } catch {
      await client.shutDown()
      throw error
    }
  }

  // MARK: Writing

  /// Makes sure that the pull request of the pipeline has a comment with a text, and one only: the one that has the marker
  /// is changed, and if there is none, one is created. Where an answer is lost, it looks again before it writes again.
  ///
  /// - Parameter text: begins with the marker.
  /// - Returns: what was done, and the pull request: `#41`.
  /// - Throws: `DiagnosticError` if the pipeline runs for no pull request, or if the forge does not do it.
  public func write(_ text: String, marker: String) async throws -> (outcome: Outcome, pullRequest: String) {
    let number = try pipeline.requirePullRequest()
    let reference = pipeline.forge.reference(number)
    return try await telling("the comments of \(reference)") {
      (
        try await write(pipeline.forge == .gitlab ? QuickAction.escaped(text) : text, marker, on: number),
        reference
      )
    }
  }

  private func write(_ text: String, _ marker: String, on number: Int64) async throws -> Outcome {
    let author = try await author()
    var attempt = 1
    while true {
      let found = try await comment(marker, on: number, by: author)
      if let found, found.text.trimmingBlanks() == text.trimmingBlanks() { return .unchanged }
      do throws(ForgeFailure) {
        guard let found else {
          _ = try await client.ask(.POST, paths.comments(number), ["body": .string(text)])
          return .created
        }
        let method: HTTPMethod = pipeline.forge == .gitlab ? .PUT : .PATCH
        _ = try await client.ask(method, paths.comment(found.id, of: number), ["body": .string(text)])
        return .updated
      } catch {
        // Deleted since it was found: the next look finds that, too.
        let isGone = found != nil && error.isNotFound && attempt < options.attempts
        guard let pause = options.pause(after: attempt, of: error) ?? (isGone ? .zero : nil) else {
          throw error
        }
        try await options.sleep(pause)
        attempt += 1
      }
    }
  }

  // MARK: Reading

  /// The text of the comment with a marker on the pull request that brought the commit of the pipeline.
  ///
  /// - Returns: the text, `nil` if there is no such comment; and the pull request: `#41`.
  /// - Throws: `DiagnosticError` if no merged pull request brought the commit, or if the forge does not answer.
  public func merged(_ marker: String) async throws -> (text: String?, pullRequest: String) {
    let commit = try pipeline.requireCommit()
    let short = commit.prefix(7)
    let numbers = try await telling("the pull requests of the commit \(short)") {
      try await pullRequests(thatMade: commit)
    }
    guard numbers.count == 1, let number = numbers.first else {
      throw DiagnosticError(
        Diagnostic(
          .notReviewed,
          numbers.isEmpty
            ? "no merged pull request brought the commit \(short)"
            : "the commit \(short) was brought by \(numbers.map(pipeline.forge.reference).joined(separator: " and "))",
          help: "look at `berth plan` for the commit, and apply what it shows with `--expect ID`"))
    }
    let reference = pipeline.forge.reference(number)
    return try await telling("the comments of \(reference)") {
      (try await comment(marker, on: number, by: try await author())?.text, reference)
    }
  }

  /// The merged pull requests whose merge made a commit.
  private func pullRequests(thatMade commit: String) async throws -> [Int64] {
    let answer: ForgeClient.Answer
    do {
      answer = try await client.read(paths.pullRequests(of: commit))
    } catch let error as ForgeFailure where error.isNotFound && pipeline.forge == .gitea {
      // There the question is for one pull request, and not for a list.
      return []
    }
    return (answer.json.array ?? [answer.json]).compactMap { json in
      let isMerged =
        json["state"]?.string == "merged" || json["merged"]?.bool == true || json["merged_at"]?.string != nil
      // A merge request that was merged without a commit of its own has its last commit under `sha`.
      let commits = ["merge_commit_sha", "squash_commit_sha"] + (pipeline.forge == .gitlab ? ["sha"] : [])
      let branch = json["target_branch"]?.string ?? json.at("base", "ref")?.string
      guard isMerged, commits.contains(where: { json[$0]?.string == commit }),
        pipeline.branch == nil || branch == pipeline.branch
      else { return nil }
      return json["iid"]?.int ?? json["number"]?.int
    }
  }

  private func author() async throws -> ForgeAuthor {
    do {
      let answer = try await client.read(paths.user)
      guard let id = answer.json["id"]?.int else {
        throw ForgeFailure(kind: .lost, reason: "it does not say whose the token is")
      }
      return .user(id)
    } catch let error as ForgeFailure where error.kind == .status(403) && !error.isLimit {
      guard pipeline.forge == .github else { throw error }
      return .app
    }
  }

  /// The first comment with a marker at its beginning that is of an author.
  private func comment(
    _ marker: String, on number: Int64, by author: ForgeAuthor
  ) async throws -> ForgeComment? {
    for page in 1...Self.pageLimit {
      let answer = try await client.read(paths.comments(number, page: page))
      guard let list = answer.json.array else {
        throw ForgeFailure(kind: .lost, reason: "it answers with something that is no list of comments")
      }
      let comments = list.lazy.compactMap(ForgeComment.init)
      if let found = comments.first(where: { $0.text.hasPrefix(marker) && $0.isOf(author) }) { return found }
      if !answer.goesOn { return nil }
    }
    throw ForgeFailure(kind: .lost, reason: "there are too many comments to look through")
  }

  private func telling<Result>(_ what: String, _ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as ForgeFailure {
      throw DiagnosticError(error.diagnostic(pipeline, what))
    }
  }
}

extension ForgePipeline {
  /// The pull request that the pipeline runs for.
  ///
  /// - Throws: `DiagnosticError` if it runs for none.
  @discardableResult
  public func requirePullRequest() throws -> Int64 {
    if let pullRequest { return pullRequest }
    throw DiagnosticError(
      Diagnostic(
        .notForPullRequest, "the pipeline runs for no pull request",
        help: forge == .gitlab
          ? "run the job where `$CI_PIPELINE_SOURCE == \"merge_request_event\"`"
          : "run the job on the event `pull_request` or `pull_request_target`, where it can read the file of GITHUB_EVENT_PATH"
      ))
  }

  /// The commit that the pipeline runs for.
  fileprivate func requireCommit() throws -> String {
    if let commit, commit.wholeMatch(of: /[0-9a-f]{40}|[0-9a-f]{64}/) != nil { return commit }
    throw DiagnosticError(
      Diagnostic(
        .notInPipeline, "the environment names no commit that the pipeline runs for",
        help: "a job has it as \(forge == .gitlab ? "CI_COMMIT_SHA" : "GITHUB_SHA")"))
  }
}

extension String {
  /// Forges take blanks at the end of a text away.
  fileprivate func trimmingBlanks() -> Substring {
    var rest = replacing("\r\n", with: "\n")[...]
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
