import Values

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
