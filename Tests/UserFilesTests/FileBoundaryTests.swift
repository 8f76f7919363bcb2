import Foundation
import Testing

@testable import UserFiles

/// Where files may lie that other files name.
@Suite struct FileBoundaryTests {
  private let tree: Tree

  init() throws { tree = try Tree() }

  /// Why a file can't be read; `nil` if it can.
  private func problem(_ name: String, _ boundary: FileBoundary) -> UserFileError.Problem? {
    do throws(UserFileError) {
      _ = try UserFile.bytes(
        of: name.hasPrefix("/") ? name : tree.path + "/" + name, atMost: 100, within: boundary)
      return nil
    } catch {
      return error.problem
    }
  }

  private func isOutside(_ problem: UserFileError.Problem?) -> Bool {
    if case .outside = problem { true } else { false }
  }

  @Test("Without a repository the folder is the limit") func withoutARepositoryTheFolderIsTheLimit() throws {
    try tree.file("spec/app.conf")
    try tree.file("spec/inner/app.conf")
    try tree.file("other/app.conf")
    try tree.file("specs/app.conf")
    let boundary = FileBoundary(around: tree.path + "/spec")
    #expect(problem("spec/app.conf", boundary) == nil)
    #expect(problem("spec/inner/../app.conf", boundary) == nil)
    #expect(problem("spec/inner/app.conf", boundary) == nil)
    for name in [
      "other/app.conf", "spec/../other/app.conf", "specs/app.conf", "/proc/self/environ", "/etc/passwd",
    ] {
      #expect(isOutside(problem(name, boundary)), "\(name)")
    }
  }

  @Test("A repository is the limit of what lies in it") func aRepositoryIsTheLimitOfWhatLiesInIt() throws {
    try tree.file("repository/.git/config", "password")
    try tree.file("repository/shared/app.conf")
    try tree.folder("repository/deploy")
    try tree.file("app.conf")
    let boundary = FileBoundary(around: tree.path + "/repository/deploy")
    #expect(boundary.folders == [RealPath.of(tree.path + "/repository")])
    #expect(problem("repository/deploy/../shared/app.conf", boundary) == nil)
    #expect(isOutside(problem("repository/../app.conf", boundary)))
    #expect(problem("repository/.git/config", boundary) == .gitFolder)
    try tree.link("repository/deploy/innocent", to: "../.git/config")
    #expect(problem("repository/deploy/innocent", boundary) == .gitFolder)
  }

  @Test("Links are followed to where they lead") func linksAreFollowedToWhereTheyLead() throws {
    try tree.folder("spec")
    try tree.file("outside/secret")
    try tree.file("spec/inside")
    try tree.link("spec/file", to: "../outside/secret")
    try tree.link("spec/folder", to: "../outside")
    try tree.link("spec/chain", to: "file")
    try tree.link("spec/absolute", to: "/proc/self/environ")
    try tree.link("spec/good", to: "./inside")
    let boundary = FileBoundary(around: tree.path + "/spec")
    for name in ["spec/file", "spec/folder/secret", "spec/chain", "spec/absolute"] {
      #expect(isOutside(problem(name, boundary)), "\(name)")
    }
    #expect(problem("spec/good", boundary) == nil)
  }

  @Test("What is not there tells nothing of the machine") func whatIsNotThereTellsNothingOfTheMachine() throws
  {
    try tree.link("gone", to: "/root/gone/gone")
    let boundary = FileBoundary(around: tree.path)
    #expect(isOutside(problem("gone", boundary)))
    #expect(isOutside(problem("/root/gone/gone", boundary)))
    #expect(problem("missing", boundary) == .system(ENOENT))
  }

  @Test("A folder can be allowed besides") func aFolderCanBeAllowedBesides() throws {
    try tree.folder("spec")
    try tree.file("shared/app.conf")
    try tree.file("shared/.git/config")
    try tree.link("spec/link", to: "../shared/app.conf")
    let boundary = FileBoundary(around: tree.path + "/spec", allowing: [tree.path + "/shared"])
    #expect(problem("shared/app.conf", boundary) == nil)
    #expect(problem("spec/link", boundary) == nil)
    #expect(problem("shared/.git/config", boundary) == .gitFolder)
    #expect(isOutside(problem("/etc/passwd", boundary)))
  }

  @Test("The root is no tree of its own") func theRootIsNoTreeOfItsOwn() {
    let boundary = FileBoundary(around: "/")
    #expect(isOutside(problem("/etc/passwd", boundary)))
    #expect(isOutside(problem("/proc/self/environ", boundary)))
    #expect(problem("/gone.conf", boundary) == .system(ENOENT))
  }

  @Test("A typed path may lead anywhere but by a link") func aTypedPathMayLeadAnywhereButByALink() throws {
    try tree.file("elsewhere/w.yaml")
    try tree.folder("repository/.git")
    try tree.link("repository/w.yaml", to: "../elsewhere/w.yaml")
    try tree.link("repository/same.yaml", to: "own.yaml")
    try tree.file("repository/own.yaml")
    func typed(_ name: String, _ allowed: [String] = []) -> UserFileError.Problem? {
      problem(name, FileBoundary(ofTyped: tree.path + "/" + name, allowing: allowed))
    }
    #expect(typed("elsewhere/w.yaml") == nil)
    #expect(typed("repository/../elsewhere/w.yaml") == nil)
    #expect(typed("repository/same.yaml") == nil)
    #expect(isOutside(typed("repository/w.yaml")))
    #expect(typed("repository/w.yaml", [tree.path + "/elsewhere"]) == nil)
  }

  @Test("A device in the tree is still no file") func aDeviceInTheTreeIsStillNoFile() throws {
    _ = tree.pipe("pipe")
    #expect(problem("pipe", FileBoundary(around: tree.path)) == .notRegular(.pipe))
  }
}
