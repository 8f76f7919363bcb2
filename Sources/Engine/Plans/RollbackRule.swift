import Diagnostics
import Planning
import ProviderKit

/// Which release a rollback restores.
struct RollbackRule {
  let key: WorkloadKey
  let head: HistoryHead
  let history: any ReleaseReader

  /// The release with a number, or the one that is meant where none is given: the current one if the last run
  /// did not succeed or paused a rollout, else the one before the active one.
  ///
  /// - Throws: `DiagnosticError` if there is no such release, or if it is a tombstone.
  func release(_ number: Int?) async throws -> Release {
    guard let number else { return try await implied() }
    guard let release = try await history.release(number, of: key) else {
      throw try await MissingRelease.error(number, of: key, last: head.release, history)
    }
    guard release.snapshot != nil else {
      throw error(
        .unknownRelease, "release \(number) of `\(key.name)` records that it was destroyed",
        help: "go back to an earlier release, or use `berth destroy`")
    }
    return release
  }

  private func implied() async throws -> Release {
    guard let last = head.release else {
      throw error(
        .noRelease, "`\(key.name)` has no release to go back to", help: "nothing was applied with success yet"
      )
    }
    if last.snapshot != nil, isInBetween { return last }
    // After a rollback the active release is the one that it restored: going back again goes further back.
    var active = last
    while let number = active.restoredFrom, number < active.number,
      let release = try await history.release(number, of: key)
    {
      active = release
    }
    var before = active.number
    while let release = try await history.releases(of: key, before: before, limit: 1).first {
      if release.snapshot != nil { return release }
      before = release.number
    }
    throw error(
      .noRelease, "`\(key.name)` has no release before release \(active.number)",
      help: "`berth history \(key.name)` lists its releases; choose one with `--to`")
  }

  /// Whether something else than the last release was begun, and not finished.
  private var isInBetween: Bool {
    head.operatorState.rollout != nil || head.run.map { $0.outcome != .succeeded } ?? false
  }

  private func error(_ code: DiagnosticCode, _ message: String, help: String) -> DiagnosticError {
    DiagnosticError(Diagnostic(code, message, help: help))
  }
}
