/// A forge: what keeps a repository, and where its changes are reviewed.
public enum Forge: String, Sendable, CaseIterable {
  /// GitHub, and GitHub Enterprise.
  case github
  /// GitLab.
  case gitlab
  /// Gitea and Forgejo, which have one API.
  case gitea

  /// Its name in a sentence.
  public var title: String {
    switch self {
    case .github: "GitHub"
    case .gitlab: "GitLab"
    case .gitea: "Gitea"
    }
  }

  /// How it writes the number of a pull request: `#41`, `!41`.
  func reference(_ number: Int64) -> String { self == .gitlab ? "!\(number)" : "#\(number)" }

  /// The variables that may hold the token, the first that is set counts.
  var tokenVariables: [String] {
    switch self {
    case .github: ["GITHUB_TOKEN", "GH_TOKEN"]
    case .gitlab: ["GITLAB_TOKEN"]
    case .gitea: ["GITEA_TOKEN", "FORGEJO_TOKEN", "GITHUB_TOKEN"]
    }
  }
}
