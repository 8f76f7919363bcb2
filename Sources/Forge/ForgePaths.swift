/// Where the API of a forge has what is asked of it.
struct ForgePaths {
  let forge: Forge
  let repository: String

  /// How many comments are asked for at once.
  private static let pageSize = 50

  init(_ pipeline: ForgePipeline) {
    forge = pipeline.forge
    repository = pipeline.repository
  }

  /// Who asks.
  let user = "user"

  /// The comments of a pull request, the oldest first; a new one is sent there, too.
  func comments(_ number: Int64) -> String {
    forge == .gitlab
      ? "projects/\(repository)/merge_requests/\(number)/notes"
      : "repos/\(repository)/issues/\(number)/comments"
  }

  /// A page of them, from 1. Gitea has all on the first.
  func comments(_ number: Int64, page: Int) -> String {
    let pages = "per_page=\(Self.pageSize)&page=\(page)"
    return switch forge {
    case .github: "\(comments(number))?\(pages)"
    case .gitlab: "\(comments(number))?sort=asc&order_by=created_at&\(pages)"
    case .gitea: comments(number)
    }
  }

  /// One comment, to be changed.
  func comment(_ id: Int64, of number: Int64) -> String {
    forge == .gitlab ? "\(comments(number))/\(id)" : "repos/\(repository)/issues/comments/\(id)"
  }

  /// The pull requests that brought a commit.
  func pullRequests(of commit: String) -> String {
    switch forge {
    case .github: "repos/\(repository)/commits/\(commit)/pulls"
    case .gitlab: "projects/\(repository)/repository/commits/\(commit)/merge_requests"
    case .gitea: "repos/\(repository)/commits/\(commit)/pull"
    }
  }
}
