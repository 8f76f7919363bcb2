import Foundation
import Testing
import WorkloadSpec

/// Config files whose content lies in a file beside the spec.
@Suite struct ConfigFileContentsTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("config-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func load(_ fields: String, format: String = "text") throws -> LoadResult {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("workload.yaml").path
    let spec = """
      name: shop
      services:
        - name: api
          command: [/bin/api]
          configFiles: [{name: app, path: /etc/app, format: \(format), \(fields)}]
      """
    try spec.write(toFile: path, atomically: true, encoding: .utf8)
    return WorkloadLoader.load(paths: [path])
  }

  func write(_ name: String, _ data: Data) throws {
    try data.write(to: folder.appendingPathComponent(name))
  }

  @Test("The content is taken as it is") func theContentIsTakenAsItIs() throws {
    try write("app.conf", Data("a: ${var.x}\nroot: ${root} $${root}\n".utf8))
    let result = try load("file: app.conf")
    #expect(result.diagnostics.isEmpty)
    let config = try #require(result.workloads.first?.workload.services[0].configFiles.first)
    #expect(config.file == nil)
    let filled = Interpolation.fill(config.content, root: "/somewhere")
    #expect(filled == "a: ${var.x}\nroot: ${root} $${root}\n")
  }

  @Test("The content must be what its format says") func theContentMustBeWhatItsFormatSays() throws {
    try write("app.json", Data("{".utf8))
    #expect(try load("file: app.json", format: "json").diagnostics.map(\.code) == [.badConfigContent])
  }

  @Test("What cannot be read is reported where it is named") func whatCanNotBeReadIsReportedWhereItIsNamed()
    throws
  {
    try write("binary", Data([0xFF, 0xFE, 0x00]))
    let result = try load("file: binary")
    #expect(result.diagnostics.map(\.code) == [.notUTF8])
    #expect(result.diagnostics.first?.location?.line == 5)
  }

  @Test("A file that is too large is refused") func aFileThatIsTooLargeIsRefused() throws {
    try write("large", Data(count: (1 << 20) + 1))
    #expect(try load("file: large").diagnostics.map(\.code) == [.fileTooLarge])
  }
}
