import Diagnostics
import Forge
import Planning
import ProviderKit
import Rendering

/// The comments on pull requests about one target, by the environment of the pipeline.
struct ReviewedTarget {
  let pipeline: ForgePipeline
  let marker: ReviewMarker

  /// The comments about a target.
  ///
  /// - Throws: `DiagnosticError` if the environment is not that of a pipeline, if it has no token, or if there is no such
  ///   target.
  init(_ forge: Forge, _ selection: NamespaceSelection) throws {
    pipeline = try ForgePipeline(forge, Environment.all)
    let place = try selection.destination()
    marker = ReviewMarker(target: place.target, namespace: place.namespace)
  }

  private func comments<Result: Sendable>(
    _ body: (ReviewComments) async throws -> Result
  ) async throws -> Result {
    try await ReviewComments.of(pipeline, agent: "berth/\(BerthVersion.text)", body)
  }

  // MARK: Writing

  /// Writes plans on the pull request that the pipeline runs for.
  func write(_ review: PlanReview, _ console: Console) async throws {
    try await write(PlanComment.render(review, marker), console)
  }

  /// Writes that there is no plan, and why; what goes wrong with that is only told, for the error itself matters more.
  func write(_ failure: any Error, _ console: Console) async {
    guard let diagnostics = Diagnostics(failure) else { return }
    do {
      try await write(PlanComment.failure(diagnostics, marker), console)
    } catch {
      if let diagnostics = Diagnostics(error) { console.warn(diagnostics) }
    }
  }

  private func write(_ text: String, _ console: Console) async throws {
    let (outcome, reference) = try await comments { try await $0.write(text, marker: marker.text) }
    switch outcome {
    case .created: console.note("Wrote the plan as a comment on \(reference).")
    case .updated: console.note("Wrote the plan anew in its comment on \(reference).")
    case .unchanged: console.note("The comment on \(reference) says so already.")
    }
  }

  // MARK: Reading

  /// The id of the plans that the pull request was reviewed with whose merge made the commit of the pipeline.
  ///
  /// - Throws: `DiagnosticError` if there is none.
  func expected(_ console: Console) async throws -> String {
    let (text, reference) = try await comments { try await $0.merged(marker.text) }
    guard let id = text.flatMap(PlanComment.id) else {
      throw DiagnosticError(
        Diagnostic(
          .notReviewed,
          text == nil
            ? "\(reference) has no comment of this token's user with a plan for this target and namespace"
            : "the comment on \(reference) has no plan that can be applied as it is",
          help: "look at `berth plan` for the commit, and apply what it shows with `--expect ID`"))
    }
    console.note("\(reference) was reviewed with the plan \(id).")
    return id
  }
}
