import Foundation
import TestSupport
import Testing

@testable import Engine

/// A repository with the workloads, policies and pipelines of `examples/gitops`, the forge that keeps it, and a target on this machine in
/// place of the cluster.
final class PipelineStage {
  let sandbox: Sandbox
  let forge: FakeForge
  private var jobs = 0

  /// What no comment and no log may have: the secrets of the jobs.
  static let secrets = ["planted-kubeconfig-2b7e", FakeForge.token]
  static let kubeconfig = secrets[0]

  /// A repository whose branch `main` is the example.
  init(_ kind: FakeForge.Kind) async throws {
    sandbox = try Sandbox()
    forge = try await FakeForge(kind)
    let example = Sandbox.project + "/examples/gitops"
    try FileManager.default.createDirectory(
      atPath: sandbox.folder + "/bin", withIntermediateDirectories: true)
    try git("init --quiet --bare --initial-branch=main origin.git")
    try git("clone --quiet origin.git author 2>&1")
    try sandbox.make("author/berth.yaml", Self.configuration)
    for folder in ["workloads", "policies"] { try copy("\(example)/\(folder)", to: "author/\(folder)") }
    if kind != .gitlab {
      try copy(example + "/\(kind.rawValue)", to: "author/.\(kind.rawValue)/workflows")
      try copy(Sandbox.project + "/.github/actions/berth", to: "author/.\(kind.rawValue)/actions/berth")
    }
    try commit("The example", to: "main")
  }

  deinit {
    _ = try? sandbox.berth("destroy", "clock", "--yes")
    forge.stop()
  }

  /// The configuration of the example, for this machine.
  static let configuration = "default: prod\ntargets: {prod: {provider: local}}\n"

  /// A folder for the next job's own files.
  func folder() throws -> String {
    jobs += 1
    let name = "job-\(jobs)"
    try FileManager.default.createDirectory(
      atPath: "\(sandbox.folder)/\(name)/home", withIntermediateDirectories: true)
    return name
  }

  private func copy(_ path: String, to name: String) throws {
    let place = URL(fileURLWithPath: sandbox.folder + "/" + name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: path, toPath: place.path)
  }

  // MARK: Git

  /// Runs git as the author.
  @discardableResult
  func git(_ words: String, in folder: String = ".") throws -> String {
    let result = try sandbox.shell(
      "cd '\(folder)' && GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com "
        + "GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com git \(words)")
    try #require(result.status == 0, "git \(words): \(result.output)\(result.errors)")
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Commits all files of the author, and pushes them to a ref.
  @discardableResult
  func commit(_ message: String, to ref: String) throws -> String {
    try git("add --all .", in: "author")
    try git("commit --quiet --allow-empty -m '\(message)'", in: "author")
    try git(
      "push --quiet --force origin HEAD:\(ref.hasPrefix("refs/") ? ref : "refs/heads/" + ref)", in: "author")
    return try git("rev-parse HEAD", in: "author")
  }

  /// Begins a pull request from `main`, changes files, and opens it.
  func pullRequest(_ number: Int64, _ change: () throws -> Void) throws {
    try git("fetch --quiet origin main", in: "author")
    try git("checkout --quiet --force --detach FETCH_HEAD", in: "author")
    try git("clean --quiet -ffdx", in: "author")
    try change()
    let head = try commit("Change \(number)", to: "change-\(number)")
    try git("push --quiet --force origin \(head):refs/pull/\(number)/head", in: "author")
    try git("push --quiet --force origin \(head):refs/merge-requests/\(number)/head", in: "author")
    // GitHub keeps what the merge would make.
    try git("checkout --quiet --force --detach FETCH_HEAD", in: "author")
    try git("merge --quiet --no-ff -m 'Merge pull request #\(number) from ada/change' \(head)", in: "author")
    try git("push --quiet --force origin HEAD:refs/pull/\(number)/merge", in: "author")
  }

  /// Merges a pull request into `main` as a reviewer does.
  ///
  /// - Returns: the commit of the merge.
  func merge(_ number: Int64) throws -> String {
    try git("fetch --quiet origin main change-\(number)", in: "author")
    try git("checkout --quiet --force --detach origin/main", in: "author")
    try git(
      "merge --quiet --no-ff -m 'Merge pull request #\(number) from ada/change' origin/change-\(number)",
      in: "author")
    try git("push --quiet origin HEAD:main", in: "author")
    let commit = try git("rev-parse HEAD", in: "author")
    forge.merge(.init(number: number, commit: commit, branch: "main"))
    return commit
  }

  // MARK: What must hold at any time

  /// Looks whether a secret got out, or a program of the author ran.
  func check(_ output: String) {
    for secret in Self.secrets {
      #expect(!output.contains(secret), "\(output)")
      for number in 1...60 as ClosedRange<Int64> {
        for comment in forge.comments(number) { #expect(!comment.text.contains(secret)) }
      }
      for issue in forge.issues { #expect(!issue.text.contains(secret)) }
    }
    #expect(sandbox.contents("pwned") == nil, "a program of the author ran: \(output)")
    #expect(forge.problems.isEmpty, "\(forge.problems)")
  }
}
