import WorkloadSpec

/// An immutable, numbered, self-contained snapshot of a workload that was applied with success.
///
/// A destroyed workload leaves a release without a snapshot, its tombstone, and numbering goes on.
public struct Release: Sendable, Equatable {
  /// 1, 2, 3 … within one workload on one target, without gaps.
  public var number: Int
  /// The workload that was applied.
  public var key: WorkloadKey
  /// What was applied; `nil` in a tombstone.
  public var snapshot: Workload?
  /// When it was recorded.
  public var recordedAt: Timestamp
  /// Who applied it: `user@host`.
  public var by: String
  /// The run that applied it.
  public var run: RunID
  /// Where each service's spec comes from, by service name, where that is known.
  public var provenance: [String: Provenance]
  /// The release that a rollback restored with it.
  public var restoredFrom: Int?
  /// The named set that the workload was applied under.
  public var setName: String?

  /// A release.
  public init(
    number: Int, key: WorkloadKey, snapshot: Workload?, recordedAt: Timestamp, by: String, run: RunID,
    provenance: [String: Provenance] = [:], restoredFrom: Int? = nil, setName: String? = nil
  ) {
    self.number = number
    self.key = key
    self.snapshot = snapshot
    self.recordedAt = recordedAt
    self.by = by
    self.run = run
    self.provenance = provenance
    self.restoredFrom = restoredFrom
    self.setName = setName
  }
}

/// Where a spec comes from.
public struct Provenance: Sendable, Equatable, Hashable {
  /// The full hash of the git commit.
  public var commit: String
  /// Whether the file had changes that were not committed.
  public var isDirty: Bool
  /// The author of the commit: `Name <address>`.
  public var author: String
  /// The repository's origin, without credentials.
  public var repository: String?
  /// The branch that the pipeline ran for.
  public var branch: String?
  /// What the change was reviewed as: `#41` of a pull request, `!41` of a merge request.
  public var review: String?
  /// The address of the pipeline's run, for a browser.
  public var pipeline: String?

  /// A commit.
  public init(
    commit: String, isDirty: Bool, author: String, repository: String? = nil, branch: String? = nil,
    review: String? = nil, pipeline: String? = nil
  ) {
    self.commit = commit
    self.isDirty = isDirty
    self.author = author
    self.repository = repository
    self.branch = branch
    self.review = review
    self.pipeline = pipeline
  }
}

extension Provenance {
  /// The commit as plain data: `commit`, `dirty`, `author` and `repository`; `branch`, `review` and `pipeline` where they are
  /// known.
  public var plain: Value {
    let members: [Value.Member] = [
      .init("commit", .string(commit)), .init("dirty", .bool(isDirty)), .init("author", .string(author)),
      .init("repository", Value(repository)),
    ]
    let known = [("branch", branch), ("review", review), ("pipeline", pipeline)]
    return .map(members + known.compactMap { key, text in text.map { .init(key, .string($0)) } })
  }

  /// Reads what ``plain`` wrote; `nil` if it is something else.
  public init?(plain: Value) {
    guard let commit = plain["commit"]?.string, let author = plain["author"]?.string else { return nil }
    self.init(
      commit: commit, isDirty: plain["dirty"]?.bool ?? true, author: author,
      repository: plain["repository"]?.string, branch: plain["branch"]?.string,
      review: plain["review"]?.string, pipeline: plain["pipeline"]?.string)
  }
}
