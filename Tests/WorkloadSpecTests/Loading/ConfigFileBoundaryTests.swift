import Diagnostics
import Foundation
import Testing
import WorkloadSpec

/// Which files a spec may take its config files from, and which links a path of the command line may follow.
@Suite struct ConfigFileBoundaryTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/berth-\(UUID().uuidString)"

  init() throws {
    for name in ["repository/.git", "repository/deploy", "repository/shared", "elsewhere"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try write("repository/.git/config", "token")
    try write("repository/shared/app.conf", "shared")
    try write("elsewhere/app.conf", "elsewhere")
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: target)
  }

  private func load(file: String, allowing allowed: [String] = []) throws -> LoadResult {
    try write(
      "repository/deploy/w.yaml",
      "name: a\nservices: [{name: x, command: [y], configFiles: [{name: f, path: /etc/f, file: \"\(file)\"}]}]\n"
    )
    return WorkloadLoader.load(
      paths: [folder + "/repository/deploy/w.yaml"], options: LoadOptions(allowedFolders: allowed))
  }

  @Test("A spec takes files of its repository") func aSpecTakesFilesOfItsRepository() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try load(file: "../shared/app.conf")
    #expect(result.diagnostics.isEmpty)
    #expect(result.workloads.first?.workload.services[0].configFiles[0].content == "shared")
  }

  @Test("A spec takes no other files") func aSpecTakesNoOtherFiles() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try link("repository/deploy/link", to: "../../elsewhere/app.conf")
    try link("repository/deploy/folder", to: "../../elsewhere")
    try link("repository/deploy/git", to: "../.git")
    for file in [
      "../../elsewhere/app.conf", "\(folder)/elsewhere/app.conf", "link", "folder/app.conf",
      "/proc/self/environ",
      "../.git/config", "git/config", "../../gone", "/etc/gone",
    ] {
      let result = try load(file: file)
      #expect(result.diagnostics.map(\.code) == [.fileOutside], "\(file)")
      #expect(result.diagnostics.first?.location?.line == 2)
      #expect(result.workloads.isEmpty)
    }
  }

  @Test("A folder can be allowed besides") func aFolderCanBeAllowedBesides() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let allowed = [folder + "/elsewhere"]
    #expect(try load(file: "../../elsewhere/app.conf", allowing: allowed).diagnostics.isEmpty)
    #expect(try load(file: "/etc/passwd", allowing: allowed).diagnostics.map(\.code) == [.fileOutside])
  }

  @Test("A link out of the repository is no spec") func aLinkOutOfTheRepositoryIsNoSpec() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = "name: a\nservices: [{name: x, command: [y]}]\n"
    try write("elsewhere/w.yaml", text)
    try link("repository/deploy/linked.yaml", to: "../../elsewhere/w.yaml")
    try link("elsewhere/inner.yaml", to: "w.yaml")
    func codes(_ path: String) -> [DiagnosticCode] {
      WorkloadLoader.load(paths: ["\(folder)/\(path)"]).diagnostics.map(\.code)
    }
    #expect(codes("elsewhere/w.yaml") == [])
    #expect(codes("elsewhere/inner.yaml") == [])
    #expect(codes("repository/deploy/linked.yaml") == [.fileOutside])
    #expect(codes("repository/deploy") == [.fileOutside])
    #expect(codes("repository/deploy/*.yaml") == [.fileOutside])
  }

  @Test("Config files have a limit together") func configFilesHaveALimitTogether() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write("repository/shared/large", String(repeating: "x", count: 1 << 20))
    let files = (0..<70).map { "{name: f\($0), path: /etc/f\($0), file: ../shared/large}" }
    try write(
      "repository/deploy/w.yaml",
      "name: a\nservices: [{name: x, command: [y], configFiles: [\(files.joined(separator: ", "))]}]\n")
    let result = WorkloadLoader.load(paths: [folder + "/repository/deploy/w.yaml"])
    #expect(Set(result.diagnostics.map(\.code)) == [.fileTooLarge])
    #expect(result.diagnostics.count == 6)
  }
}
