import Foundation
import Testing
import WorkloadSpec

@Suite struct FileReadingTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/berth-\(UUID().uuidString)"

    init(_ files: [String: String]) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (name, text) in files {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private func spec(_ name: String) -> String { "name: \(name)\nservices: [{name: x, command: [y]}]\n" }

  @Test("A folder is its YAML files") func aFolderIsItsYAMLFiles() throws {
    let folder = try Folder([
      "b.yaml": spec("b"), "a.yml": spec("a"), ".hidden.yaml": spec("hidden"), "berth.yaml": "targets: {}",
      "notes.txt": "{", "inner/c.yaml": spec("c"), "folder.yaml/d.yaml": spec("d"),
    ])
    let result = WorkloadLoader.load(paths: [folder.path])
    #expect(result.diagnostics.isEmpty)
    #expect(result.workloads.map(\.workload.name) == ["a", "b"])
    #expect(result.workloads.map(\.files) == [[folder.path + "/a.yml"], [folder.path + "/b.yaml"]])
  }

  @Test("A pattern is one layer") func aPatternIsOneLayer() throws {
    let folder = try Folder(["a.yaml": spec("a"), "b.yaml": spec("a")])
    let result = WorkloadLoader.load(paths: [folder.path + "/*.yaml"])
    #expect(result.diagnostics.map(\.code) == [.duplicateWorkload])
  }

  @Test("What cannot be read is reported") func whatCanNotBeReadIsReported() throws {
    let folder = try Folder(["readme.txt": "x"])
    for path in [folder.path + "/gone.yaml", folder.path, folder.path + "/*.yaml"] {
      let result = WorkloadLoader.load(paths: [path])
      #expect(result.diagnostics.map(\.code) == [.unreadableFile])
      #expect(result.diagnostics.first?.message.contains(folder.path) == true)
    }
  }

  @Test("A file that is too large is not read") func aFileThatIsTooLargeIsNotRead() throws {
    let folder = try Folder(["large.yaml": ""])
    let path = folder.path + "/large.yaml"
    #expect(truncate(path, 64 << 20 + 1) == 0)
    #expect(WorkloadLoader.load(paths: [path]).diagnostics.map(\.code) == [.fileTooLarge])
  }

  @Test("Variable files are mappings") func variableFilesAreMappings() throws {
    let folder = try Folder([
      "spec.yaml":
        "name: a\nvariables: [{name: tag}, {name: n, type: int, default: 1}]\n"
        + "services: [{name: x, image: 'a:${var.tag}-${var.n}'}]\n",
      "one.yaml": "tag: \"1\"\nn: 5\n", "two.yaml": "tag: 1.10\nother: x\n", "bad.yaml": "n: many\n",
    ])
    var options = LoadOptions(variableFiles: ["one", "two"].map { "\(folder.path)/\($0).yaml" })
    options.environment = ["BERTH_VAR_tag": "environment"]
    let result = WorkloadLoader.load(paths: [folder.path + "/spec.yaml"], options: options)
    #expect(result.workloads.first?.workload.main?.image == "a:1.10-5")
    #expect(result.diagnostics.map(\.code) == [.unknownVariableInFile])
    #expect(result.diagnostics.first?.location?.line == 2)

    options.variableFiles.append(folder.path + "/bad.yaml")
    let bad = WorkloadLoader.load(paths: [folder.path + "/spec.yaml"], options: options)
    #expect(bad.diagnostics.map(\.code) == [.badVariableValue, .unknownVariableInFile])
    #expect(bad.diagnostics.first?.location?.file.name == folder.path + "/bad.yaml")
  }
}
