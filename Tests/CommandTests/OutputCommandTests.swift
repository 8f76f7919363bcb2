import Foundation
import Testing

/// What `--out` writes, and what it leaves as it is.
@Suite struct OutputCommandTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write("w.yaml", Self.spec("one"))
    try sandbox.write("compose.yaml", "services: {web: {image: \"shop/web:1.0\"}}\n")
    #expect(try sandbox.berth("apply", "-f", "w.yaml").status == 0)
    try sandbox.write("w.yaml", Self.spec("two"))
    try sandbox.make("elsewhere/file", "precious")
  }

  private static func spec(_ level: String) -> String {
    "name: w\nservices: [{name: main, stopGrace: 1s, command: [sleep, '86400'], env: {LEVEL: \(level)}}]\n"
  }

  /// The two ways to have a file written.
  private static let ways: [[String]] = [
    ["plan", "-f", "w.yaml", "--out"], ["import", "compose", "compose.yaml", "--force", "--out"],
  ]

  @Test("A link is neither followed nor replaced", arguments: ways) func aLinkIsNeitherFollowedNorReplaced(
    _ way: [String]
  ) throws {
    try sandbox.link("out.json", to: "elsewhere/file")
    try sandbox.link("new.json", to: "elsewhere/new")
    for name in ["out.json", "new.json"] {
      let result = try sandbox.berth(way + [name])
      #expect(result.status == 1 && result.errors.contains("error[E0115]"), "\(result.errors)")
      #expect(result.errors.contains("it is a symbolic link to `elsewhere/"), "\(result.errors)")
    }
    #expect(sandbox.contents("elsewhere/file") == "precious" && sandbox.contents("elsewhere/new") == nil)
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: sandbox.folder + "/out.json")
    #expect(target == "elsewhere/file")
  }

  @Test("A folder that leads out of the repository is not written to", arguments: ways)
  func aFolderThatLeadsOutOfTheRepositoryIsNotWrittenTo(_ way: [String]) throws {
    try sandbox.make("repository/.git/hooks/sample", "")
    try sandbox.link("repository/out", to: "../elsewhere")
    try sandbox.link("repository/hooks", to: ".git/hooks")
    let command = (["'\(Sandbox.program)'"] + way).joined(separator: " ")
      .replacing("w.yaml", with: "../w.yaml").replacing("compose.yaml", with: "../compose.yaml")
    for name in ["out/file", "hooks/sample"] {
      let result = try sandbox.shell("cd repository && \(command) \(name)")
      #expect(result.status == 1 && result.errors.contains("error[E0115]"), "\(result.errors)")
    }
    #expect(sandbox.contents("elsewhere/file") == "precious")
    #expect(sandbox.contents("repository/.git/hooks/sample") == "")
  }

  @Test("What is no regular file stays", arguments: ways) func whatIsNoRegularFileStays(
    _ way: [String]
  ) throws {
    try #require(mkfifo(sandbox.folder + "/pipe", 0o600) == 0)
    for name in ["pipe", "/dev/full", "/dev/null"] {
      let result = try sandbox.berth(way + [name])
      #expect(result.status == 1 && result.errors.contains("error[E0115]"), "\(result.errors)")
    }
    var status = stat()
    #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  /// The largest file that a process may write is a disk that is full at once.
  @Test("On a full disk nothing is left and nothing lost") func onAFullDiskNothingIsLeftAndNothingLost()
    throws
  {
    try sandbox.write("out.yaml", "precious")
    let command = (["'\(Sandbox.program)'"] + Self.ways[1] + ["out.yaml"]).joined(separator: " ")
    let result = try sandbox.shell(
      "bash -c \"trap '' XFSZ; { ulimit -f 0; \(command); } 2>&1 | cat; exit \\${PIPESTATUS[0]}\"")
    #expect(result.status == 1 && result.output.contains("error[E0115]"), "\(result.output)\(result.errors)")
    #expect(result.output.contains("`out.yaml` can't be written: File too large"))
    #expect(sandbox.contents("out.yaml") == "precious")
    let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder)
    #expect(left.filter { $0.hasSuffix(".new") } == [])
  }

  @Test("A file that is replaced keeps its rights") func aFileThatIsReplacedKeepsItsRights() throws {
    chmod(try sandbox.write("spec.yaml", "old"), 0o640)
    let result = try sandbox.berth("import", "compose", "compose.yaml", "--force", "--out", "spec.yaml")
    #expect(result.status == 0, "\(result.errors)")
    let facts = try FileManager.default.attributesOfItem(atPath: sandbox.folder + "/spec.yaml")
    #expect(facts[.posixPermissions] as? Int == 0o640)
    #expect(sandbox.contents("spec.yaml")?.contains("shop/web:1.0") == true)
  }
}
