import Diagnostics
import Planning
import Values

/// The log of a CI system's job, which takes some lines for commands.
public enum PipelineLog: Sendable, Equatable {
  /// GitHub Actions, and Gitea and Forgejo, which read the same commands.
  case github
  /// GitLab CI.
  case gitlab
  /// A system whose log only keeps lines.
  case plain

  /// The log that a job writes to, by the variables of its environment; `nil` if they are of no CI system that is known.
  ///
  /// - Parameter isPipeline: whether the system is a known one, whose log is like none of those here.
  public init?(_ variables: [String: String], isPipeline: Bool) {
    if variables["GITHUB_ACTIONS"]?.isEmpty == false {
      self = .github
    } else if variables["GITLAB_CI"]?.isEmpty == false {
      self = .gitlab
    } else if isPipeline {
      self = .plain
    } else {
      return nil
    }
  }

  /// A text that is folded away behind a title, where the log can. Nothing in either is a command.
  ///
  /// - Parameters:
  ///   - text: lines, the last one ended.
  ///   - id: what tells it from the other folded texts of the command.
  ///   - now: GitLab shows how long a section took.
  public func folded(_ text: String, title: String, id: Int, at now: Timestamp) -> String {
    let (text, title) = (PipelineText.guarded(text), PipelineText.guarded(SafeText.line(title)))
    switch self {
    case .github: return "::group::\(title)\n\(text)::endgroup::\n"
    case .gitlab:
      // Names are unique within the job, which may run several commands.
      let seconds = now.milliseconds / 1000
      let name = "berth_\(now.milliseconds)_\(id)"
      return "\u{1B}[0Ksection_start:\(seconds):\(name)[collapsed=true]\r\u{1B}[0K\(title)\n\(text)"
        + "\u{1B}[0Ksection_end:\(seconds):\(name)\r\u{1B}[0K\n"
    case .plain: return text
    }
  }

  /// Commands that note problems at the lines where they are; empty where the log has none.
  ///
  /// - Parameter path: names a file as the repository has it.
  public func notes(on diagnostics: Diagnostics, path: (String) -> String) -> String {
    self == .github ? DiagnosticsGitHub.render(diagnostics, path: path) : ""
  }

  /// A command that notes an action that failed; empty where the log has none.
  public func note(on action: Action, of workload: String, failed message: String) -> String {
    guard self == .github else { return "" }
    return DiagnosticsGitHub.note("error", title: "\(workload): \(ProgressText.name(action))", message)
  }
}
