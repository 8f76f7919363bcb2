import Foundation
import Testing

@testable import UserFiles

/// Files that are written whole, or not at all.
@Suite struct OutputFileTests {
  private let tree: Tree

  init() throws { tree = try Tree() }

  private func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(tree.path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }

  private func write(_ files: [String: String]) -> OutputFileError.Problem? {
    do throws(OutputFileError) {
      try OutputFile.write(
        files.sorted { $0.key < $1.key }.map { ("\(tree.path)/\($0.key)", Array($0.value.utf8)) }, mode: 0o600
      )
      return nil
    } catch {
      return error.problem
    }
  }

  @Test("All of them are written") func allOfThemAreWritten() throws {
    try tree.file("b", "old")
    #expect(write(["a": "one", "b": "two"]) == nil)
    #expect(text("a") == "one" && text("b") == "two")
    #expect(try FileManager.default.contentsOfDirectory(atPath: tree.path).sorted() == ["a", "b"])
  }

  @Test("Or none of them") func orNoneOfThem() throws {
    try tree.file("a", "old")
    try tree.folder("b")
    #expect(write(["a": "one", "b": "two"]) == .notRegular(.folder))
    #expect(write(["a": "one", "gone/b": "two"]) == .system(ENOENT))
    #expect(text("a") == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: tree.path).sorted() == ["a", "b"])
  }

  @Test("What is no regular file stays as it is") func whatIsNoRegularFileStaysAsItIs() throws {
    try tree.file("target", "precious")
    try tree.link("link", to: "target")
    try tree.link("dangling", to: "gone")
    _ = tree.pipe("pipe")
    #expect(write(["link": "new"]) == .link(to: "target"))
    #expect(write(["dangling": "new"]) == .link(to: "gone"))
    #expect(write(["pipe": "new"]) == .notRegular(.pipe))
    #expect(text("target") == "precious" && text("gone") == nil)
  }

  @Test("Messages say what is wrong and what to do") func messagesSayWhatIsWrongAndWhatToDo() {
    let problems: [OutputFileError.Problem] = [
      .system(ENOSPC), .system(EACCES), .link(to: "x"), .notRegular(.device),
      .elsewhere(UserFileError("some/file", .gitFolder)),
    ]
    for problem in problems {
      let error = OutputFileError("some/file", problem)
      #expect(error.message.hasPrefix("`some/file` can't be written: ") && !error.help.isEmpty)
    }
  }
}
