import Diagnostics
import Values

/// Why a forge did not do what it was asked.
struct ForgeFailure: Error, Equatable {
  enum Kind: Equatable {
    /// There was no answer that can be read; what was asked may have been done.
    case lost
    /// It answered with a status.
    case status(Int)
  }

  var kind: Kind
  /// Why, in words of the forge or about it.
  var reason: String
  /// Whether it is the limit of requests that was reached.
  var isLimit = false
  /// How long the forge asks to be left alone.
  var retryAfter: Duration?
  /// When the limit of requests ends, in seconds since 1970.
  var limitEnds: Int64?

  /// Whether the same request may go better later.
  var mayPass: Bool {
    switch kind {
    case .lost: true
    case .status(let status): isLimit || status == 408 || status >= 500
    }
  }

  /// What it was about is not there, or not shown.
  var isNotFound: Bool { kind == .status(404) }

  /// The same for a user of the pipeline.
  ///
  /// - Parameter what: what was asked for: "the comments of #41".
  func diagnostic(_ pipeline: ForgePipeline, _ what: String) -> Diagnostic {
    let (forge, name) = (pipeline.forge, pipeline.forge.title)
    let place = "\(what) in \(pipeline.repository)"
    switch kind {
    case _ where isLimit:
      let end = limitEnds.map { " until \(Timestamp(milliseconds: $0 * 1000))" }
      let wait = retryAfter.map { " for \($0.components.seconds) seconds" }
      return Diagnostic(
        .forgeLimit, "\(name) takes no more requests by this token\(end ?? wait ?? ""): \(reason)",
        help: "run the job again then; what berth had to write is not written")
    case .status(401):
      return Diagnostic(
        .forgeRefuses, "\(name) does not know the token of \(pipeline.tokenVariable): \(reason)",
        help: "the token ended, was taken back, or is of another server than \(pipeline.api)")
    case .status(403):
      return Diagnostic(
        .forgeRefuses, "\(name) refuses \(place) to the token of \(pipeline.tokenVariable): \(reason)",
        help: Self.rights(forge))
    case .status(404):
      return Diagnostic(
        .forgeUnknown, "\(name) does not find \(place), or does not show it to this token",
        help: "see that the pull request is there and that the token of \(pipeline.tokenVariable) may read it"
      )
    case .status(300..<400):
      return Diagnostic(
        .forgeUnusable, "\(name) answers that \(place) has moved: \(reason)",
        help:
          "berth follows no redirect with a token: see whether the repository was renamed, and whether \(pipeline.api) is right"
      )
    case .status, .lost:
      return Diagnostic(
        .forgeUnusable, "\(name) gives no usable answer about \(place): \(reason)",
        help: "see whether \(pipeline.api) is the address of its API, and run the job again")
    }
  }

  private static func rights(_ forge: Forge) -> String {
    switch forge {
    case .github:
      "give the job `permissions: {pull-requests: write}`; the token of a fork's `pull_request` event can't have it, that of `pull_request_target` can"
    case .gitlab:
      "the token needs the scope `api` and at least the role Reporter; GitLab lets CI_JOB_TOKEN write no comments"
    case .gitea: "the token needs the scopes `write:issue`, `read:repository` and `read:user`"
    }
  }
}
