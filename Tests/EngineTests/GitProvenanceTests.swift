import Foundation
import Planning
import Testing

@testable import Engine

@Suite(.enabled(if: Repository.isPossible, "git is not installed"))
struct GitProvenanceTests {
  let repository = Repository()

  @Test("The commit that last touched the file") func theCommitThatLastTouchedTheFile() throws {
    try repository.write("a.yaml", "name: a\n")
    let first = try repository.commit("first", by: "Ada <ada@example.com>")
    try repository.write("b.yaml", "name: b\n")
    let second = try repository.commit("second", by: "Bób O'Hara <bob@example.com>")
    #expect(
      GitProvenance.of(file: repository.path("a.yaml"))
        == Provenance(commit: first, isDirty: false, author: "Ada <ada@example.com>"))
    #expect(
      GitProvenance.of(file: repository.path("b.yaml"))
        == Provenance(commit: second, isDirty: false, author: "Bób O'Hara <bob@example.com>"))
  }

  @Test("A file that was changed is dirty") func aFileThatWasChangedIsDirty() throws {
    try repository.write("a.yaml", "name: a\n")
    try repository.write("b.yaml", "name: b\n")
    let commit = try repository.commit("first")
    try repository.write("a.yaml", "name: changed\n")
    #expect(GitProvenance.of(file: repository.path("a.yaml"))?.isDirty == true)
    #expect(GitProvenance.of(file: repository.path("a.yaml"))?.commit == commit)
    #expect(GitProvenance.of(file: repository.path("b.yaml"))?.isDirty == false)
    try repository.git(["add", "a.yaml"])
    #expect(GitProvenance.of(file: repository.path("a.yaml"))?.isDirty == true)
  }

  @Test("A file that git does not know") func aFileThatGitDoesNotKnow() throws {
    try repository.write("a.yaml", "name: a\n")
    try repository.write(".gitignore", "ignored.yaml\n")
    let head = try repository.commit("first", by: "Ada <ada@example.com>")
    let expected = Provenance(commit: head, isDirty: true, author: "Ada <ada@example.com>")
    for name in ["new.yaml", "ignored.yaml", "deep/er/new.yaml"] {
      try repository.write(name, "name: b\n")
      #expect(GitProvenance.of(file: repository.path(name)) == expected, "\(name)")
    }
    try repository.git(["add", "new.yaml"])
    #expect(GitProvenance.of(file: repository.path("new.yaml")) == expected)
  }

  @Test("Names that git could take for something else") func namesThatGitCouldTakeForSomethingElse() throws {
    for name in ["--help", "*.yaml", ":(top)a.yaml", "with space\nand break.yaml", "HEAD"] {
      try repository.write(name, "name: a\n")
      let commit = try repository.commit("adds \(name)")
      #expect(GitProvenance.of(file: repository.path(name))?.commit == commit, "\(name)")
    }
  }

  @Test("Where there is nothing to tell") func whereThereIsNothingToTell() throws {
    #expect(GitProvenance.of(file: "/dev/null") == nil)
    #expect(GitProvenance.of(file: repository.path("missing.yaml")) == nil)
    #expect(GitProvenance.of(file: "") == nil)
    try repository.write("a.yaml", "name: a\n")
    #expect(GitProvenance.of(file: repository.path("a.yaml")) == nil, "there is no commit yet")
    let outside = Repository(isEmptyFolder: true)
    try outside.write("a.yaml", "name: a\n")
    #expect(GitProvenance.of(file: outside.path("a.yaml")) == nil)
  }

  @Test("A folder that leads into a repository") func aFolderThatLeadsIntoARepository() throws {
    try repository.write("deep/er/a.yaml", "name: a\n")
    let commit = try repository.commit("first")
    let outside = Repository(isEmptyFolder: true)
    try outside.write("README", "")
    try FileManager.default.createSymbolicLink(
      atPath: outside.path("link"), withDestinationPath: repository.path("deep/er"))
    try repository.git(["worktree", "add", "--quiet", outside.path("tree")])
    for path in ["link/a.yaml", "tree/deep/er/a.yaml"] {
      #expect(GitProvenance.of(file: outside.path(path))?.commit == commit, "\(path)")
    }
  }

  @Test("The origin is named without credentials") func theOriginIsNamedWithoutCredentials() throws {
    try repository.write("a.yaml", "name: a\n")
    try repository.commit("first")
    #expect(GitProvenance.of(file: repository.path("a.yaml"))?.repository == nil)
    try repository.git(["remote", "add", "origin", "https://ci:s3cret@example.com/shop.git"])
    #expect(
      GitProvenance.of(file: repository.path("a.yaml"))?.repository == "https://example.com/shop.git")
  }

  @Test("Nothing of the repository is run or written") func nothingOfTheRepositoryIsRunOrWritten() throws {
    try repository.write("a.yaml", "name: a\n")
    try repository.commit("first")
    let trap = repository.path("trap")
    let mark = repository.path("sprung")
    try repository.write("trap", "#!/bin/sh\ntouch '\(mark)'\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: trap)
    for key in ["core.fsmonitor", "core.pager", "gpg.program", "core.askPass", "core.sshCommand"] {
      try repository.git(["config", key, trap])
    }
    try repository.git(["config", "log.showSignature", "true"])
    let index = repository.path(".git/index")
    let before = try FileManager.default.attributesOfItem(atPath: index)[.modificationDate] as? Date
    try repository.write("a.yaml", "name: b\n")
    #expect(GitProvenance.of(file: repository.path("a.yaml"))?.isDirty == true)
    #expect(!FileManager.default.fileExists(atPath: mark))
    #expect(try FileManager.default.attributesOfItem(atPath: index)[.modificationDate] as? Date == before)
  }

  @Test(
    "Credentials are taken out",
    arguments: [
      ("https://example.com/shop.git", "https://example.com/shop.git"),
      ("https://token@example.com/shop.git", "https://example.com/shop.git"),
      ("https://ci:s3cret@example.com:8443/shop.git", "https://example.com:8443/shop.git"),
      ("https://ci:p@ss@example.com/shop.git", "https://example.com/shop.git"),
      ("https://ci:s3/cr@et@example.com/shop.git", "https://example.com/shop.git"),
      ("https://example.com:8443/@scope/shop.git", "https://example.com:8443/@scope/shop.git"),
      ("https://example.com/shop.git?private_token=s3cret", "https://example.com/shop.git"),
      ("ssh://git@example.com:22/shop.git", "ssh://git@example.com:22/shop.git"),
      ("ssh://git:s3cret@example.com/shop.git", "ssh://git@example.com/shop.git"),
      ("git@example.com:shop.git", "git@example.com:shop.git"),
      ("/srv/git/shop.git", "/srv/git/shop.git"), ("", ""),
    ])
  func credentialsAreTakenOut(url: String, expected: String) {
    #expect(GitProvenance.withoutCredentials(url) == expected)
  }

  // MARK: Asking programs

  @Test("A program that takes too long is ended with its children")
  func aProgramThatTakesTooLongIsEndedWithItsChildren() {
    // It would take far longer than a test may.
    let output = ChildOutput.of(
      ["sh", "-c", "sleep 1000 & echo x; wait"], environment: ["PATH=/usr/bin:/bin"],
      within: .milliseconds(50))
    #expect(output == nil)
  }

  @Test("Only success is an answer") func onlySuccessIsAnAnswer() {
    func ask(_ script: String) -> [UInt8]? {
      ChildOutput.of(["sh", "-c", script], environment: ["PATH=/usr/bin:/bin"], within: .seconds(60))
    }
    #expect(ask("printf ok; echo not shown >&2; cat") == Array("ok".utf8))
    #expect(ask("printf ok; exit 1") == nil)
    #expect(ask("kill -9 $$") == nil)
    #expect(ChildOutput.of(["no-such-program-here"], environment: [], within: .seconds(60)) == nil)
    #expect(ask("yes | head -c 3000000") == nil)
    #expect(ask("yes | head -c 300000")?.count == 300_000)
  }
}

/// A folder with a repository in it, which goes when the test is over.
final class Repository: Sendable {
  private let root: String

  static let isPossible =
    ChildOutput.of(["git", "--version"], environment: environment, within: .seconds(60)) != nil

  private static let environment = [
    "PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")", "HOME=/nonexistent",
    "GIT_CONFIG_NOSYSTEM=1",
  ]

  init(isEmptyFolder: Bool = false) {
    root = NSTemporaryDirectory() + "git-test-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    if !isEmptyFolder { _ = try? git(["init", "-q"]) }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { root + "/" + name }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Commits everything, and returns the commit's hash.
  @discardableResult
  func commit(_ message: String, by author: String = "Ada <ada@example.com>") throws -> String {
    try git(["add", "-A", "."])
    try git(["commit", "-q", "-m", message, "--author", author])
    return try git(["rev-parse", "HEAD"]).split(separator: "\n").joined()
  }

  @discardableResult
  func git(_ arguments: [String]) throws -> String {
    let output = ChildOutput.of(
      ["git", "-C", root, "-c", "user.name=Test", "-c", "user.email=test@example.com"] + arguments,
      environment: Self.environment, within: .seconds(60))
    return String(decoding: try #require(output, "git \(arguments.joined(separator: " "))"), as: UTF8.self)
  }
}
