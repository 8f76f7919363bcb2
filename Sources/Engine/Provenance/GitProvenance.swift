import Planning

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds out from git where a spec file comes from.
public enum GitProvenance {
  /// How long git may take to answer a question. A release is recorded without provenance rather than late.
  private static let patience = Duration.seconds(5)

  /// The commit that last touched a file, or if git does not know the file, the commit that is checked out.
  ///
  /// It counts as not committed if it differs from that commit or is not in it. `nil` outside of a repository,
  /// in one without commits, and where there is no git. Git asks nothing, fetches nothing, writes nothing, and
  /// runs no program that the repository's configuration names.
  ///
  /// - Parameter path: the path of the file.
  public static func of(file path: String) -> Provenance? {
    let slash = path.lastIndex(of: "/")
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard !name.isEmpty, access(path, F_OK) == 0, isInRepository(folder) else { return nil }

    let format = ["log", "-1", "--no-show-signature", "--format=%H%x00%an <%ae>%x00%B"]
    let isTracked: Bool
    let answer: String
    if let last = git(format + ["--", name], in: folder), !last.isEmpty {
      (isTracked, answer) = (true, last)
    } else if let head = git(format, in: folder), !head.isEmpty {
      (isTracked, answer) = (false, head)
    } else {
      return nil
    }
    let parts = answer.split(separator: "\0", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty else { return nil }
    // Where the state of the file can't be told, it must not pass for committed.
    let isDirty = !isTracked || git(["status", "--porcelain", "--", name], in: folder) != ""
    return Provenance(
      commit: String(parts[0]), isDirty: isDirty, author: String(parts[1]),
      repository: git(["config", "--get", "remote.origin.url"], in: folder).map(withoutCredentials),
      review: review(in: parts[2]))
  }

  /// What a commit was reviewed as, by the message that a forge gives it when it merges: `#41`, `!41`.
  static func review(in message: Substring) -> String? {
    let lines = message.split(whereSeparator: \.isNewline)
    if let subject = lines.first {
      if let match = subject.firstMatch(of: #/^Merge pull request (#[0-9]+) from /#) {
        return String(match.1)
      }
      if let match = subject.firstMatch(of: #/\((#[0-9]+)\)$/#) { return String(match.1) }
    }
    return lines.last?.firstMatch(of: #/^See merge request [^\s]*(![0-9]+)$/#).map { String($0.1) }
  }

  /// Whether there is a repository for git to find. It takes git far longer to say that there is none.
  private static func isInRepository(_ folder: String) -> Bool {
    guard let resolved = realpath(folder, nil) else { return false }
    defer { free(resolved) }
    var path = String(cString: resolved)[...]
    while true {
      if access("\(path)/.git", F_OK) == 0 { return true }
      guard path != "/", let slash = path.lastIndex(of: "/") else { return false }
      path = slash == path.startIndex ? "/" : path[..<slash]
    }
  }

  /// A repository's address without user names and passwords, which tokens are often given as.
  static func withoutCredentials(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    var rest = url[scheme.upperBound...]
    let isWeb = url.hasPrefix("http")
    if isWeb { rest = rest.prefix { $0 != "?" && $0 != "#" } }
    let authority = rest.prefix { $0 != "/" }
    let port = authority.split(separator: ":").dropFirst().last
    // A password with a slash that is not escaped makes the address look as if it ended there.
    let isCutShort = !authority.contains("@") && port.map { UInt16($0) == nil } == true
    if let at = (isCutShort ? rest : authority).lastIndex(of: "@") {
      // The user of an ssh address is part of the address; its password is not.
      let user = isWeb ? "" : authority.prefix { $0 != ":" && $0 != "@" } + "@"
      rest = user + rest[rest.index(after: at)...]
    }
    return String(url[..<scheme.upperBound] + rest)
  }

  /// What git answers, without the line break at its end.
  private static func git(_ arguments: [String], in folder: String) -> String? {
    // What a repository could have run: a monitor of the file system, programs that convert files.
    let settings = ["core.fsmonitor=false", "core.hooksPath=/dev/null"].flatMap { ["-c", $0] }
    let output = ChildOutput.of(
      ["git", "-C", folder, "--no-pager", "--literal-pathspecs"] + settings + arguments,
      environment: environment, within: patience)
    guard var output else { return nil }
    while output.last == UInt8(ascii: "\n") { output.removeLast() }
    return String(decoding: output, as: UTF8.self)
  }

  /// The environment without what ties git to another repository, as it does within a hook.
  private static let environment: [String] = {
    var kept = [
      "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ASKPASS=", "SSH_ASKPASS=",
      "LC_ALL=C",
    ]
    let names = Set(kept.map { $0.prefix { $0 != "=" } })
    var entry = environ
    while let text = entry.pointee {
      let variable = String(cString: text)
      let name = variable.prefix { $0 != "=" }
      let isGits =
        name.hasPrefix("GIT_") && !name.hasPrefix("GIT_CONFIG") && name != "GIT_CEILING_DIRECTORIES"
      if !isGits, !names.contains(name) { kept.append(variable) }
      entry += 1
    }
    return kept
  }()
}
